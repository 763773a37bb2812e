"""Paths inside the repository."""

import posixpath


def joined(folder: str, path: str) -> str | None:
    """Return `path`, written in a file in `folder`, relative to the root; None where it leaves the tree."""
    if path.startswith(("/", "~")) or "\\" in path or "\0" in path:
        return None
    result = posixpath.normpath(posixpath.join(folder, path))
    if result == ".":
        return ""
    return None if result == ".." or result.startswith("../") else result
