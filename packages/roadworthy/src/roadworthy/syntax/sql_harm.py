"""What SQL does to a schema that the version before it cannot live with, or that cannot be taken back."""

import re
from collections.abc import Iterator

from roadworthy.syntax import sql

_NAME = r"(?:[\"`\[]?[\w$]+[\"`\]]?\s*\.\s*)?[\"`\[]?([\w$]+)[\"`\]]?"
_ALTER = rf"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s[^;]*?"
_PATTERNS = (
    ("drop table", re.compile(rf"\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}", re.IGNORECASE)),
    ("drop column", re.compile(rf"{_ALTER}\bDROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?[\"`\[]?(\w+)", re.IGNORECASE)),
    ("rename", re.compile(rf"{_ALTER}\bRENAME\s+(?:COLUMN\s+)?(?:[\"`\[]?(\w+)[\"`\]]?\s+)?TO\b", re.IGNORECASE)),
    (
        "required column",
        re.compile(
            rf"{_ALTER}\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?[\"`\[]?(\w+)[\"`\]]?\s+(?![^,;]*\bDEFAULT\b)"
            r"(?![^,;]*\b(?:GENERATED|SERIAL|BIGSERIAL)\b)[^,;]*?\bNOT\s+NULL\b",
            re.IGNORECASE,
        ),
    ),
    (
        "required column",
        re.compile(rf"{_ALTER}\bALTER\s+(?:COLUMN\s+)?[\"`\[]?(\w+)[\"`\]]?\s+SET\s+NOT\s+NULL\b", re.IGNORECASE),
    ),
)
_CONSTRAINT = frozenset({"constraint", "primary", "foreign", "unique", "check", "index", "value"})
_UPDATE = re.compile(r"\bUPDATE\s+[\w\".`]+\s+SET\b", re.IGNORECASE)
_CREATED = re.compile(rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}", re.IGNORECASE)


def harms(text: str) -> Iterator[tuple[str, str]]:
    """Yield what harm a text does, and to which table or column."""
    for harm, name, _, _ in placed(text):
        yield harm, name


def placed(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield each harm with the table or column and its place in the text."""
    plain = sql.blanked(text)
    created = {found[1].lower() for found in _CREATED.finditer(plain)}
    backfills = _UPDATE.search(plain) is not None
    for harm, pattern in _PATTERNS:
        for found in pattern.finditer(plain):
            groups = [part for part in found.groups() if part]
            # A table that the same text creates holds nothing yet; SQLite's way to change a table makes a new one.
            if any(part.lower() in _CONSTRAINT for part in groups[1:]) or groups[0].lower() in created:
                continue
            if groups[0].lower().startswith(("new_", "_new", "tmp_", "temp_")) or f"new_{groups[0]}".lower() in created:
                continue
            if harm == "required column" and "SET" in found[0].upper().split() and backfills:
                continue
            yield harm, ".".join(groups), found.start(), found.end()
