"""Which programs a system package brings, and which build steps bring none; `package_programs.toml` is the table."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_suffix(".toml")
SYSTEM_MANAGERS = frozenset({"apt", "apk", "dnf"})


@cache
def programs_of(package: str, manager: str) -> frozenset[str] | None:
    """Return the programs a package brings, as far as the system's go; None where nothing is known of the package."""
    if manager not in SYSTEM_MANAGERS:
        return frozenset({package.rpartition("/")[2], *_LANGUAGE.get(package, ())})
    name = package.partition(":")[0].partition("@")[0]
    found: set[str] = set()
    known = False
    for row in _table()["package"]:
        if re.fullmatch(row["match"], name):
            known = True
            found |= {given.format(name=name) for given in row["gives"]}
    if known:
        return frozenset(found)
    return frozenset() if _quiet().fullmatch(name) else None


@cache
def brought_along() -> frozenset[str]:
    """Return the programs that many packages bring with them."""
    return frozenset(_table()["quiet"]["brought_along"])


@cache
def quiet_steps() -> frozenset[str]:
    """Return the programs that, run in a build, put no system program in the image."""
    return frozenset(_table()["build"]["quiet"])


_LANGUAGE = {
    "awscli": ("aws",),
    "httpie": ("http", "https"),
    "supervisor": ("supervisord", "supervisorctl"),
    "nodejs-bin": ("node", "npm"),
    "typescript": ("tsc",),
    "@nestjs/cli": ("nest",),
    "prisma": ("prisma",),
    "pnpm": ("pnpm", "pnpx"),
}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _quiet() -> re.Pattern[str]:
    return re.compile(_table()["quiet"]["packages"])
