"""Server programs: from a wheel installed beside us, or from the system; copied to the area where the wheel is private."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

VERSION = re.compile(r"(\d+)\.?(\d*)")
NOT_COPIED = ("include", "*.a", "*.pc", "__pycache__")


@dataclass(frozen=True, slots=True)
class Program:
    """A server program that was found: its file, its version as (major, minor), and where it is from.

    `bundle` are the folders and files that must be copied together, keeping their places, for another user to run it.
    """

    file: Path
    version: tuple[int, int]
    origin: str
    bundle: tuple[Path, ...] = ()

    @property
    def label(self) -> str:
        """Return version and origin, for people."""
        return f"{self.version[0]}.{self.version[1]} ({self.origin})"


def wheel_folder(package: str) -> Path | None:
    """Return the folder of an installed package, without importing it; None when it is not installed."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent


def known(files: Iterable[tuple[Path, str, tuple[Path, ...]]]) -> list[Program]:
    """Given candidate files, origins and bundles, return the programs that run and tell their version, in order."""
    programs = []
    for file, origin, bundle in files:
        version = _version(file) if file.is_file() else None
        if version is not None:
            programs.append(Program(file, version, origin, bundle))
    return programs


def on_path(name: str) -> list[tuple[Path, str, tuple[Path, ...]]]:
    """Return the candidate that the system's PATH has for a name."""
    found = shutil.which(name)
    return [(Path(found).resolve(), "system", ())] if found else []


def choose(programs: list[Program], major: int | None) -> Program | None:
    """Return the program of the wanted major version, else the first one."""
    wanted = [program for program in programs if program.version[0] == major]
    return next(iter(wanted or programs), None)


def brought(program: Program, folder: Path) -> Path:
    """Copy the program's bundle below `folder`, readable by everybody who may enter it; return the file to run.

    A program of the system is run where it is.
    """
    if not program.bundle:
        return program.file
    top = Path(os.path.commonpath([part.parent for part in program.bundle]))
    for part in program.bundle:
        target = folder / part.relative_to(top)
        if part.is_dir():
            shutil.copytree(part, target, ignore=shutil.ignore_patterns(*NOT_COPIED), dirs_exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(part, target)
    for each in (folder, *folder.rglob("*")):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
    return folder / program.file.relative_to(top)


def _version(file: Path) -> tuple[int, int] | None:
    try:
        told = subprocess.run([file, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = VERSION.search(told)
    return (int(found[1]), int(found[2] or 0)) if found else None
