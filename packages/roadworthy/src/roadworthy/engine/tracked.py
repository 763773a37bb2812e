"""Which files git keeps, read from its index as a file: git itself runs what a repository's configuration names."""

import re
import struct
from pathlib import Path

from roadworthy.engine.file_role import role_of
from roadworthy.engine.index import NEVER, Entry

_LARGEST = 256 * 1024 * 1024
_ENVIRONMENT = re.compile(r"(?:^|/)\.env(?:\.[\w-]+)?$|(?:^|/)[\w-]+\.env$")


def tracked(root: Path) -> frozenset[str] | None:
    """Return the paths below `root` that the nearest git index lists, relative to it; None where there is none to read."""
    root = root.resolve()
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_file():
            git = _pointed(git, folder)
        if git.is_dir():
            prefix = root.relative_to(folder).as_posix()
            try:
                index = git / "index"
                if not index.is_file() or index.stat().st_size > _LARGEST:
                    return None
                paths = _paths(index.read_bytes())
            except (OSError, ValueError, struct.error):
                return None
            start = "" if prefix == "." else prefix + "/"
            return frozenset(path.removeprefix(start) for path in paths if path.startswith(start))
    return None


def environment_files(root: Path, kept: frozenset[str] | None) -> tuple[str, ...]:
    """Return the dotenv files that git keeps although an ignore rule hides them from the walk."""
    found = [path for path in kept or () if _ENVIRONMENT.search(path)]
    return tuple(sorted(path for path in found if _own(root, root / path)))


def _own(root: Path, path: Path) -> bool:
    """Tell whether a file is there and belongs to this subject, not to one below it."""
    nested = any((folder / "roadworthy.toml").is_file() for folder in path.parents if root in folder.parents)
    return path.is_file() and not path.is_symlink() and not nested


def with_kept(root: Path, entries: tuple[Entry, ...], paths: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the entries with those of further paths, which git keeps although an ignore rule names them."""
    known = {entry.path for entry in entries}
    more = [
        Entry(path, (root / path).stat().st_size, role_of(path), executable=False)
        for path in paths
        if path not in known and path.isprintable() and not NEVER & set(path.split("/"))
    ]
    return tuple(sorted([*entries, *more], key=lambda entry: entry.path)) if more else entries


def _pointed(git: Path, folder: Path) -> Path:
    try:
        text = git.read_text(encoding="utf-8", errors="replace") if git.stat().st_size < 4096 else ""
    except OSError:
        return git
    named = text.removeprefix("gitdir: ").strip()
    return (folder / named).resolve() if text.startswith("gitdir: ") and "\0" not in named else git


def _paths(data: bytes) -> list[str]:
    signature, version, count = struct.unpack(">4sII", data[:12])
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("not an index")
    # 20 bytes for each name of a repository whose object names are SHA-1, 32 for SHA-256: the first entry tells.
    for width in (20, 32):
        try:
            return _entries(data, version, count, width)
        except (ValueError, IndexError, struct.error, UnicodeDecodeError):
            continue
    raise ValueError("not an index")


def _entries(data: bytes, version: int, count: int, width: int) -> list[str]:
    found: list[str] = []
    place, previous = 12, b""
    for _ in range(count):
        start = place
        place += 40 + width
        (flags,) = struct.unpack(">H", data[place : place + 2])
        place += 2
        if flags & 0x4000:
            if version < 3:
                raise ValueError("an extended entry in an old index")
            place += 2
        if version == 4:
            strip, place = _varint(data, place)
            end = data.index(b"\0", place)
            name = previous[: len(previous) - strip] + data[place:end]
            place = end + 1
            previous = name
        else:
            end = data.index(b"\0", place)
            name = data[place:end]
            if len(name) < 0xFFF and len(name) != flags & 0xFFF:
                raise ValueError("the length of a name is wrong")
            place = start + ((end - start) // 8 + 1) * 8
        found.append(name.decode("utf-8", "strict"))
    return found


def _varint(data: bytes, place: int) -> tuple[int, int]:
    byte = data[place]
    place += 1
    value = byte & 0x7F
    while byte & 0x80:
        byte = data[place]
        place += 1
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, place
