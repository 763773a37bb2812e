"""What is said about the versions of languages and servers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionStated:
    """An artifact states a version of a language or server (Kind.SETTING, refers, named by the product).

    `by` is "image", "service" (one of a pipeline), "setup" (a pipeline step), "file" (`.python-version` …) or "range" (what a
    manifest allows). `versions` are the versions as written, for a range the one expression. `stage` tells a stage of a
    Dockerfile that is not shipped.
    """

    by: str
    versions: tuple[str, ...]
    stage: bool = False
