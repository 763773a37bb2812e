"""One walk over the repository, alike with and without git."""

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from roadworthy.engine.file_role import role_of
from roadworthy.model.error import RoadworthyError
from roadworthy.model.words import FileRole

MAXIMUM_DEPTH = 40
UNLISTED = -1
MAXIMUM_FILES = 60_000
NEVER = frozenset(
    {".git", ".hg", ".svn", ".roadworthy", "node_modules", "bower_components", ".venv", "venv", ".tox", ".nox"}
    | {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "site-packages", ".terraform", ".cache"}
)

# In one name; the time a pattern takes is the name's length to the power of its stars.
MAXIMUM_STARS = 4
MAXIMUM_PATTERN = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular file: where it lies, how large it is (bytes), what it is for.

    A size of UNLISTED stands for a folder that could not be listed, whatever it holds.
    """

    path: str
    size: int
    role: FileRole
    executable: bool


@dataclass(frozen=True, slots=True)
class _Ignores:
    folder: str
    spec: GitIgnoreSpec


def index(root: Path) -> tuple[Entry, ...]:
    """List the files below `root` that git would consider, in path order.

    Nested subjects (folders with their own `roadworthy.toml`), ignored files, links that leave the tree and folders
    behind links are left out. Raise RoadworthyError where `root` is no readable folder, or too deep or too large.
    """
    if not root.exists():
        raise RoadworthyError(f"{root}: there is no such folder; give the path of a repository")
    if not root.is_dir():
        raise RoadworthyError(f"{root}: this is a file; give the folder that holds the repository")
    found = []
    for entry in _walk(root.resolve(), "", (), 0):
        found.append(entry)
        if len(found) > MAXIMUM_FILES:
            raise RoadworthyError(
                f"{root}: more than {MAXIMUM_FILES} files; inspect the folder of one service, or list what does not "
                "belong to it in .gitignore"
            )
    return tuple(sorted(found, key=lambda entry: entry.path))


def _walk(
    root: Path, folder: str, ignores: tuple[_Ignores, ...], depth: int, *, template: bool = False
) -> Iterator[Entry]:
    unlisted = Entry(folder, UNLISTED, role_of(f"{folder}/x"), False)
    if depth > MAXIMUM_DEPTH:
        yield unlisted
        return
    try:
        with os.scandir(root / folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as problem:
        if not folder:
            raise RoadworthyError(f"{root}: cannot be listed ({problem.strerror})") from problem
        yield unlisted
        return
    if folder and any(entry.name == "roadworthy.toml" for entry in entries):
        return
    charted = any(entry.name == "Chart.yaml" for entry in entries)
    if any(entry.name == ".gitignore" and _inside(entry, root) for entry in entries):
        ignores = (*ignores, _Ignores(folder, _spec(root / folder / ".gitignore")))
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name in NEVER or not _printable(path):
            continue
        is_folder = entry.is_dir(follow_symlinks=False)
        if _ignored(path + "/" if is_folder else path, ignores):
            continue
        if is_folder:
            # What a Helm chart renders is no YAML before it is rendered.
            chart = template or (charted and entry.name == "templates")
            yield from _walk(root, path, ignores, depth + 1, template=chart)
        elif _inside(entry, root):
            status = entry.stat()
            role = FileRole.EXAMPLE if template else role_of(path)
            yield Entry(path, status.st_size, role, bool(status.st_mode & 0o111))


def _spec(path: Path) -> GitIgnoreSpec:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        with warnings.catch_warnings(action="ignore"):
            return GitIgnoreSpec.from_lines(line for line in lines if _affordable(line))
    except (OSError, ValueError):
        return GitIgnoreSpec.from_lines([])


def _affordable(pattern: str) -> bool:
    stars = max(part.count("*") for part in pattern.split("/"))
    return len(pattern) <= MAXIMUM_PATTERN and stars <= MAXIMUM_STARS


def _ignored(path: str, ignores: tuple[_Ignores, ...]) -> bool:
    for ignore in reversed(ignores):
        decided = ignore.spec.check_file(path[len(ignore.folder) + 1 :] if ignore.folder else path).include
        if decided is not None:
            return decided
    return False


def _inside(entry: os.DirEntry[str], root: Path) -> bool:
    try:
        if not entry.is_symlink():
            return entry.is_file()
        target = Path(entry.path).resolve(strict=True)
        return target.is_file() and target.is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _printable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return path.isprintable()
