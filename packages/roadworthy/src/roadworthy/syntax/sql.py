"""What SQL says of tables: which it creates, how they refer to one another, and whose rows it deletes or overwrites.

A tolerant reader of statements, not a parser of a dialect: comments, strings and bodies of functions are blanked out
first, so that what is left is read by its keywords.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANKED = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*(?:'|\Z)|\$(\w*)\$.*?(?:\$\1\$|\Z)", re.DOTALL)
_NAME = r"(?:[\"`\[]?[\w$]+[\"`\]]?\s*\.\s*)?[\"`\[]?([\w$]+)[\"`\]]?"
_CREATE = re.compile(
    rf"\bCREATE\s+(?:GLOBAL\s+|LOCAL\s+)?(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(", re.IGNORECASE
)
_ALTER = re.compile(rf"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s([^;]*)", re.IGNORECASE)
_DROP = re.compile(rf"\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}", re.IGNORECASE)
_TRIGGER = re.compile(
    rf"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\b[^;]*?\bDELETE\b[^;]*?\bON\s+{_NAME}", re.IGNORECASE
)
_DELETE = re.compile(rf"\bDELETE\s+FROM\s+(?:ONLY\s+)?{_NAME}", re.IGNORECASE)
_TRUNCATE = re.compile(rf"\bTRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?{_NAME}", re.IGNORECASE)
_UPDATE = re.compile(rf"\bUPDATE\s+(?:ONLY\s+)?{_NAME}\s+(?:AS\s+\w+\s+|\w+\s+)?SET\b", re.IGNORECASE)
_REFERENCES = re.compile(rf"\bREFERENCES\s+{_NAME}", re.IGNORECASE)
_ON_DELETE = re.compile(r"\bON\s+DELETE\s+(CASCADE|SET\s+NULL|SET\s+DEFAULT|RESTRICT|NO\s+ACTION)", re.IGNORECASE)
_KEY = re.compile(r"\bFOREIGN\s+KEY\s*\(\s*[\"`\[]?(\w+)", re.IGNORECASE)
_COLUMN = re.compile(r"\s*[\"`\[]?(\w+)[\"`\]]?")
_ADDED = re.compile(r"\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?[\"`\[]?(\w+)", re.IGNORECASE)
_NO_COLUMN = frozenset(
    {"primary", "foreign", "unique", "constraint", "check", "exclude", "key", "index", "like", "period"}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the column ("" for several), the table it points to, what happens when that row goes."""

    column: str
    target: str
    on_delete: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is created or altered, its name between two offsets of the text."""

    name: str
    start: int
    end: int
    columns: tuple[str, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A statement that deletes ("delete") or overwrites ("update") rows, or drops ("drop") or watches ("trigger") a table."""

    how: str
    table: str
    start: int
    end: int


def blanked(text: str) -> str:
    """Return the text with comments, strings and quoted bodies turned into spaces; every offset keeps its meaning."""
    return _BLANKED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def created(text: str) -> Iterator[Table]:
    """Yield each table a blanked text creates."""
    statements = list(_CREATE.finditer(text))
    ends = [*(following.start() for following in statements[1:]), len(text)]
    for found, end in zip(statements, ends, strict=False):
        body, start = _inside(text, found.end(), end)
        columns: list[str] = []
        references: list[Reference] = []
        for part, offset in _parts(body, start):
            name = _COLUMN.match(part)
            column = name[1].lower() if name and name[1].lower() not in _NO_COLUMN else ""
            if column:
                columns.append(column)
            references += _references(part, offset, column)
        yield Table(found[1].lower(), found.start(1), found.end(1), tuple(columns), tuple(references))


def altered(text: str) -> Iterator[Table]:
    """Yield each table to which a blanked text adds columns or foreign keys."""
    for found in _ALTER.finditer(text):
        references: list[Reference] = []
        columns: list[str] = []
        for part, offset in _parts(found[2], found.start(2)):
            added = _ADDED.search(part)
            column = added[1].lower() if added and added[1].lower() not in _NO_COLUMN else ""
            if column:
                columns.append(column)
            references += _references(part, offset, column)
        if columns or references:
            yield Table(found[1].lower(), found.start(1), found.end(1), tuple(columns), tuple(references))


def touched(text: str) -> Iterator[Rows]:
    """Yield each statement of a blanked text that deletes, overwrites or drops."""
    for how, pattern in (
        ("delete", _DELETE),
        ("delete", _TRUNCATE),
        ("update", _UPDATE),
        ("drop", _DROP),
        ("trigger", _TRIGGER),
    ):
        for found in pattern.finditer(text):
            yield Rows(how, found[1].lower(), found.start(1), found.end(1))


def _references(part: str, offset: int, column: str) -> Iterator[Reference]:
    found = _REFERENCES.search(part)
    if found is None:
        return
    key = _KEY.search(part)
    action = _ON_DELETE.search(part, found.end())
    name = key[1].lower() if key else column
    on_delete = " ".join(action[1].lower().split()) if action else ""
    yield Reference(name, found[1].lower(), on_delete, offset + found.start(), offset + found.end())


def _inside(text: str, start: int, end: int) -> tuple[str, int]:
    depth = 1
    for place in range(start, end):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return text[start:place], start
    return text[start:end], start


def _parts(body: str, start: int) -> Iterator[tuple[str, int]]:
    depth, first = 0, 0
    for place, character in enumerate(body):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and not depth:
            yield body[first:place], start + first
            first = place + 1
    yield body[first:], start + first
