"""The commit a tree stands at, read from git's own files: git itself runs what a repository's configuration names."""

import re
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_LARGEST = 8 * 1024 * 1024


def commit_of(root: Path) -> str | None:
    """Return the commit hash HEAD names in the nearest `.git` at or above `root`, or None where there is none."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_dir():
            return _head(git)
        if git.is_file():
            pointer = _read(git)
            if pointer.startswith("gitdir: "):
                return _head((folder / pointer.removeprefix("gitdir: ").strip()).resolve())
    return None


def _head(git: Path) -> str | None:
    head = _read(git / "HEAD").strip()
    if not head.startswith("ref: "):
        return head if _HASH.fullmatch(head) else None
    name = head.removeprefix("ref: ")
    if not re.fullmatch(r"refs/[\w./@+-]+", name) or ".." in name:
        return None
    shared = _read(git / "commondir").strip()
    for place in (git, (git / shared).resolve() if shared else git):
        loose = _read(place / name).strip()
        if _HASH.fullmatch(loose):
            return loose
        for line in _read(place / "packed-refs").splitlines():
            value, _, packed = line.partition(" ")
            if packed == name and _HASH.fullmatch(value):
                return value
    return None


def _read(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        text = path.read_text(encoding="utf-8", errors="replace")
        return "" if "\0" in text else text
    except OSError:
        return ""
