"""One line that asks for a Python package: its name in one spelling, its version, whether that is pinned."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(@\s*\S+|\(?[^;#]*\)?)")
_PINNED = re.compile(r"===?\s*[^*,\s]+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked for. `extras` are named in brackets."""

    name: str
    specifier: str
    extras: tuple[str, ...]
    pinned: bool


def parse(text: str) -> Requirement | None:
    """Read one requirement; None where it names no package."""
    found = _LINE.match(text.strip())
    if found is None:
        return None
    specifier = found[3].strip().strip("()").strip()
    extras = tuple(part.strip() for part in (found[2] or "").split(",") if part.strip())
    pinned = _PINNED.fullmatch(specifier) is not None or specifier.startswith("@")
    return Requirement(canonical(found[1]), specifier, extras, pinned)


def canonical(name: str) -> str:
    """Return a package's name in the spelling that is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
