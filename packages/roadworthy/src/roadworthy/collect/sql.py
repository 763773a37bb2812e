"""SQL files: the tables migrations create, how they refer to one another, and what is deleted."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.table import ForeignKey, TableDefined, TableDropped
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import sql

PROVIDES = frozenset({Kind.TABLE, Kind.COLUMN})

_BACKWARDS = re.compile(r"(?:^|[._-])(?:down|rollback|revert|undo)\.sql$|(?:^|/)U\d[^/]*\.sql$", re.IGNORECASE)
_BACK_SECTION = re.compile(
    r"^--\s*(?:\+goose Down|migrate:down|\+migrate Down|@UNDO|rollback\b).*", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


def wants(path: str) -> bool:
    """Files that end in `.sql`."""
    return path.endswith(".sql")


def recognises(file: SourceFile) -> bool:
    """Recognise what speaks of tables; dumps and the way back of a migration are left out."""
    return "table" in file.text.lower() and not _BACKWARDS.search(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield tables, columns that refer to other tables, and tables that are dropped."""
    text = sql.blanked(_BACK_SECTION.sub("", file.text))
    lines = _starts(text)
    for table in sql.created(text):
        at = _span(file, lines, table.start, table.end)
        yield _symbol(file, Kind.TABLE, Action.DEFINES, table.name, at, TableDefined("sql", table.columns))
        yield from _keys(file, lines, table)
    for table in sql.altered(text):
        yield from _keys(file, lines, table)
    for rows in sql.touched(text):
        at = _span(file, lines, rows.start, rows.end)
        if rows.how == "drop":
            yield _symbol(file, Kind.TABLE, Action.REFERS, rows.table, at, TableDropped("sql"))
        elif rows.how == "trigger":
            yield Open(Kind.TABLE, "", f"a trigger acts when rows of {rows.table} are deleted", at)


def _keys(file: SourceFile, lines: list[int], table: sql.Table) -> Iterator[Statement]:
    for key in table.references:
        at = _span(file, lines, key.start, key.end)
        detail = ForeignKey(table.name, key.column, key.target, key.on_delete)
        yield _symbol(file, Kind.COLUMN, Action.REFERS, f"{table.name}.{key.column}", at, detail)


def _symbol(file: SourceFile, kind: Kind, action: Action, name: str, at: Span, detail: Detail) -> Symbol:
    return Symbol(kind, action, Exact(name), at, role=file.role, detail=detail)


def _starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _span(file: SourceFile, lines: list[int], start: int, end: int) -> Span:
    first = _line(lines, start)
    last = _line(lines, max(end - 1, start))
    return Span(file.path, first + 1, start - lines[first] + 1, last + 1, max(end - lines[last], 1))


def _line(lines: list[int], offset: int) -> int:
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines[middle] <= offset else (low, middle - 1)
    return low
