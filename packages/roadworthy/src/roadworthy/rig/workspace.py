"""The copy of the subject's tree: everything it needs to run, and nothing that leads to the real world.

Files named `.env` or `.env.*` stay behind, whatever they hold. Virtual environments and `node_modules` are the
subject's own and are linked, not copied. Links that lead out of the tree are not followed.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.installed import editable_folders, is_virtual_environment, node_modules_of, virtual_environment_of

LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".roadworthy", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    | {".tox", ".nox", ".hypothesis", ".import_linter_cache", ".terraform", ".turbo", ".gradle"}
)
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Workspace:
    """A copy of a tree.

    `root` is the copy's folder, `left_out` the paths (relative, POSIX) that stayed behind, `programs` the folders of
    the subject's own programs, `python_path` the copy's folders that the subject's environment would otherwise import
    from the original tree (editable installs).
    """

    root: Path
    left_out: tuple[str, ...]
    programs: tuple[Path, ...]
    python_path: tuple[Path, ...]
    bytes: int


def copy_of(root: Path, destination: Path, *, most_bytes: int = 512 * MEBIBYTE, most_files: int = 50_000) -> Workspace:
    """Copy the tree below `root` into `destination`, which must not exist yet.

    Raise RoadworthyError when `root` is no folder, or the copy would pass the limits.
    """
    if not root.is_dir():
        raise RoadworthyError(f"{root}: no such folder to run the service in")
    root = root.resolve()
    destination.mkdir(parents=True)
    left_out: list[str] = []
    total, files = 0, 0
    for source, target, kind in _walk(root, root, destination):
        match kind:
            case "left out":
                left_out.append(source.relative_to(root).as_posix())
                continue
            case "folder":
                target.mkdir()
            case "link":
                target.symlink_to(source if _is_installed(source) else source.readlink())
            case _:
                total += source.stat().st_size
                files += 1
                if total > most_bytes or files > most_files:
                    raise RoadworthyError(
                        f"{root}: more than {most_bytes // MEBIBYTE} MB or {most_files} files to copy before the service "
                        "can be driven: name the service's own folder as [service] root in roadworthy.toml"
                    )
                shutil.copy2(source, target)
    environment, modules = virtual_environment_of(root), node_modules_of(root)
    programs = [*([environment / "bin"] if environment else []), *(each / ".bin" for each in modules)]
    python_path = [destination / each.relative_to(root) for each in editable_folders(environment, root)]
    return Workspace(
        root=destination,
        left_out=tuple(sorted(left_out)),
        programs=tuple(folder for folder in programs if folder.is_dir()),
        python_path=tuple(folder for folder in python_path if folder.is_dir()),
        bytes=total,
    )


def _walk(root: Path, folder: Path, into: Path) -> Iterator[tuple[Path, Path, str]]:
    """Yield source, target and what to do with each entry, folders before what they hold."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if Path(entry.path) == Path(into.anchor, *into.parts[1 : len(Path(entry.path).parts)]):
            continue  # the copy itself, where the temporary folder lies in the tree
        source, target = Path(entry.path), into / entry.name
        kind = _kind(root, source, entry)
        yield source, target, kind
        if kind == "folder":
            yield from _walk(root, source, target)


def _kind(root: Path, source: Path, entry: "os.DirEntry[str]") -> str:
    if entry.name in LEFT_OUT or _holds_variables(entry.name):
        return "left out"
    if entry.is_symlink():
        return "link" if _stays_inside(root, source) else "left out"
    if entry.is_dir():
        return "link" if _is_installed(source) else "folder"
    return "file" if entry.is_file() and os.access(source, os.R_OK) else "left out"


def _holds_variables(name: str) -> bool:
    """Say whether a name is that of a file of environment variables; `.envrc` sets them too."""
    return name.lower() in {".env", ".envrc", ".flaskenv"} or name.lower().startswith(".env.")


def _is_installed(source: Path) -> bool:
    return not source.is_symlink() and (source.name == "node_modules" or is_virtual_environment(source))


def _stays_inside(root: Path, link: Path) -> bool:
    """Say whether a link leads, relatively, to something in the tree that is itself copied."""
    pointer = link.readlink()
    if pointer.is_absolute():
        return False
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    if not target.is_relative_to(root):
        return False
    return not any(part in LEFT_OUT or _holds_variables(part) for part in target.relative_to(root).parts)
