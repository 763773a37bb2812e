"""Put a lemon together: the sound service in `lemons/base`, with the files of one overlay laid over it."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

LEMONS = Path(__file__).resolve().parent.parent / "lemons"
DESCRIPTION = "lemon.toml"
LEFT_OUT = (".git", ".venv", ".roadworthy", "__pycache__", ".*_cache")


def names(lemons: Path = LEMONS) -> list[str]:
    """Return the lemons there are."""
    return sorted(file.parent.name for file in lemons.glob(f"*/{DESCRIPTION}"))


def description(name: str, lemons: Path = LEMONS) -> dict[str, Any]:
    """Return what a lemon says of itself: what must fail, and what may."""
    return tomllib.loads((lemons / name / DESCRIPTION).read_text(encoding="utf-8"))


def materialise(name: str, folder: Path, lemons: Path = LEMONS) -> Path:
    """Copy base and overlay into an absent folder; return it. The environment of base is linked, not copied."""
    ignore = shutil.ignore_patterns(*LEFT_OUT)
    shutil.copytree(lemons / "base", folder, ignore=ignore, symlinks=True)
    shutil.copytree(lemons / name, folder, ignore=ignore, symlinks=True, dirs_exist_ok=True)
    (folder / DESCRIPTION).unlink()
    if (lemons / "base" / ".venv").is_dir():
        (folder / ".venv").symlink_to(lemons / "base" / ".venv", target_is_directory=True)
    return folder
