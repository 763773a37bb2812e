"""A file as the collectors get it."""

from dataclasses import dataclass

from roadworthy.model.words import FileRole


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One text file of the repository; `path` is POSIX and relative to the inspected root."""

    path: str
    text: str
    role: FileRole
    executable: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """All but the last part of the path; "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def suffix(self) -> str:
        """The ending from the last dot of the name, in lower case, with the dot; "" where there is none."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""
