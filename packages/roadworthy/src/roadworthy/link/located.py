"""What lies at a path of an image."""

from dataclasses import dataclass

from roadworthy.link.image_programs import Doubtful


@dataclass(frozen=True, slots=True)
class InRepository:
    """The file of the repository that lies there."""

    path: str


@dataclass(frozen=True, slots=True)
class Built:
    """Something a build makes lies there; `path` is the source it is compiled from, or the Dockerfile that says so."""

    path: str


Located = InRepository | Built | Doubtful | None
