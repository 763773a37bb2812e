"""Indexes that SQL files make."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.index import IndexMade
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import sql_indexes

PROVIDES = frozenset({Kind.CONSTRUCT})


def wants(path: str) -> bool:
    """Files that end in `.sql`."""
    return path.endswith(".sql")


def recognises(file: SourceFile) -> bool:
    """Recognise what makes tables or indexes."""
    lowered = file.text.lower()
    return "create table" in lowered or "index" in lowered


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the leading column of every index and key."""
    for table, column, start in sql_indexes.made(file.text):
        line = file.text.count("\n", 0, start) + 1
        at = Span(file.path, line, start - file.text.rfind("\n", 0, start))
        detail = IndexMade(column, "migration")
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(table), at, role=file.role, detail=detail)
