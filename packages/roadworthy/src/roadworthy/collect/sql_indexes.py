"""Indexes that SQL files make."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.index import IndexDropped, IndexMade
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import sql_indexes

_PLAIN = re.compile(r"create\s+index\b", re.IGNORECASE)
# Whatever alters a table otherwise than by a new column or constraint.
_UNDONE = re.compile(
    r"(?:drop\s+(index|table)\s+(?:concurrently\s+)?(?:if\s+exists\s+)?|"
    r"(?=alter\s+table\s+\S+\s+(?:rename|drop\s+column))alter\s+table\s+)(?:\"?public\"?\.)?[\"`]?(\w+)",
    re.IGNORECASE,
)

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
        stated = _PLAIN.match(file.text, start) is not None
        detail = IndexMade(column, "migration", stated=stated)
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(table), at, role=file.role, detail=detail)
    for found in _UNDONE.finditer(file.text):
        index = (found[1] or "").lower() == "index"
        line = file.text.count("\n", 0, found.start()) + 1
        at = Span(file.path, line, found.start() - file.text.rfind("\n", 0, found.start()))
        name, about = ("*", found[2].lower()) if index else (found[2].lower(), "*")
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), at, role=file.role, detail=IndexDropped(about))
