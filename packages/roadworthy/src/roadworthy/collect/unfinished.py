"""Marks of unfinished work that people leave in code."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.release import Marker
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.CONSTRUCT})

_ENDINGS = (".py", ".js", ".ts", ".jsx", ".tsx", ".mjs", ".cjs", ".mts", ".vue", ".svelte")
_MARK = re.compile(r"(?:#|//|/\*+|^\s*\*|<!--)[ \t]*(TODO|FIXME|XXX|HACK)\b[: (-]*([^\n]{0,80})", re.MULTILINE)
_WORDS = ("TODO", "FIXME", "XXX", "HACK")


def wants(path: str) -> bool:
    """Code files."""
    return path.endswith(_ENDINGS)


def recognises(file: SourceFile) -> bool:
    """Recognise code with one of the words people use."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first mark of a file and how many more there are."""
    found = list(_MARK.finditer(file.text))
    if found:
        first = found[0]
        line = file.text.count("\n", 0, first.start(1)) + 1
        column = first.start(1) - (file.text.rfind("\n", 0, first.start(1)) + 1) + 1
        at = Span(file.path, line, column, line, column + len(first[1]) - 1)
        detail = Marker(first[2].strip().rstrip("*/->").strip()[:60], len(found) - 1)
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(first[1]), at, "", "unfinished", file.role, detail)
