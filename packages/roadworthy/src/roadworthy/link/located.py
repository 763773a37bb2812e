"""What lies at a path of an image."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadworthy.link.image_programs import Doubtful

if TYPE_CHECKING:
    from roadworthy.link.build_contexts import Contexts
    from roadworthy.link.image_stages import Stage


@dataclass(frozen=True, slots=True)
class InRepository:
    """The file of the repository that lies there."""

    path: str


@dataclass(frozen=True, slots=True)
class Built:
    """Something a build makes lies there; `path` is the source it is compiled from, or the Dockerfile that says so."""

    path: str


Located = InRepository | Built | Doubtful | None
Locate = Callable[[str, "Stage", "list[Stage]", "Contexts", int], Located]
