"""Lemons: services with one known defect each, kept to prove that the drill of that defect can fail.

A lemon is a folder below `lemons/` that holds the files in which it differs from `lemons/base`, and `lemon.toml`: what
must fail, what may, and the defect in one line.
"""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "lemons"
BASE = "base"
OWN_FILE = "lemon.toml"
NOT_COPIED = shutil.ignore_patterns(".venv", "__pycache__", ".roadworthy", OWN_FILE)


@dataclass(frozen=True, slots=True)
class Lemon:
    """What `lemon.toml` says."""

    name: str
    defect: str
    fails: tuple[str, ...]
    may_fail: tuple[str, ...]


def lemons() -> tuple[Lemon, ...]:
    """Return every lemon, in name order."""
    return tuple(_read(path.parent) for path in sorted(FOLDER.glob(f"*/{OWN_FILE}")))


def materialise(name: str, into: Path) -> Path:
    """Copy the base and the lemon's own files into the folder `into`; return the folder of the service.

    The base's virtual environment is linked, so that nothing needs to be installed. `base` itself is a name too.
    """
    if name != BASE and not (FOLDER / name / OWN_FILE).is_file():
        known = ", ".join(lemon.name for lemon in lemons())
        raise ValueError(f"no lemon is called {name!r}; there are {known}")
    target = into / name
    shutil.copytree(FOLDER / BASE, target, ignore=NOT_COPIED)
    if name != BASE:
        shutil.copytree(FOLDER / name, target, ignore=NOT_COPIED, dirs_exist_ok=True)
    (target / ".venv").symlink_to(FOLDER / BASE / ".venv")
    return target


def _read(folder: Path) -> Lemon:
    told = tomllib.loads((folder / OWN_FILE).read_text(encoding="utf-8"))
    return Lemon(folder.name, told["defect"], tuple(told["fails"]), tuple(told.get("may_fail", ())))
