"""The files of a repository, to be asked for one path or for what lies below a folder."""

from bisect import bisect_left
from collections.abc import Iterable

_AFTER_SLASH = chr(ord("/") + 1)


class FileTree:
    """Paths in order: what lies below a folder stands side by side."""

    __slots__ = ("_ordered", "files", "folders")

    def __init__(self, paths: Iterable[str]) -> None:
        self._ordered = tuple(sorted(paths))
        self.files = frozenset(self._ordered)
        folders = {""}
        for path in self._ordered:
            folder = path.rpartition("/")[0]
            while folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        self.folders = frozenset(folders)

    def holds(self, path: str) -> bool:
        """Tell whether there is a file or a folder at a path; "" is the root."""
        return path in self.files or path in self.folders

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the files below a folder, in order; "" is the root."""
        if not folder:
            return self._ordered
        first = bisect_left(self._ordered, folder + "/")
        return self._ordered[first : bisect_left(self._ordered, folder + _AFTER_SLASH, first)]
