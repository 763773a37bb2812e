"""Variables that a document describes: the first cells of tables, and the items of lists."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentDocumented
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.secrecy import names_secret

PROVIDES = frozenset[Kind]()

_ITEM = re.compile(r"\s*(?:[-*+]\s+|\|\s*)(?:\*\*)?`([A-Z][A-Z0-9_]{2,60})`(?:\*\*)?\s*(?:\||:|-|–|—|\(|$)")
_BARE = re.compile(r"\s*\|\s*([A-Z][A-Z0-9]*_[A-Z0-9_]{2,60})\s*\|")
_RULE = re.compile(r"\s*\|?[\s:|-]+\|[\s:|-]*$")
_VALUE = re.compile(r"`([^`|]{1,80})`|([\w./:-]{1,80})")


def wants(path: str) -> bool:
    """Markdown files."""
    return path.lower().endswith((".md", ".markdown"))


def recognises(file: SourceFile) -> bool:
    """Every document but generated change logs."""
    return "`" in file.text and file.name.lower() not in ("changelog.md", "history.md", "releases.md")


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every variable that heads a row or an item, with the default its row tells."""
    column, fenced = -1, False
    lines = file.text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or len(line) > 2000:
            continue
        if "|" not in line:
            column = -1
        elif _RULE.fullmatch(line) and number > 1:
            heads = [cell.strip().lower() for cell in _cells(lines[number - 2])]
            column = next((i for i, head in enumerate(heads) if head.startswith("default")), -1)
        found = _ITEM.match(line) or _BARE.match(line)
        if found is None:
            continue
        cells = _cells(line) if "|" in line else []
        default = cells[column] if 0 < column < len(cells) else ""
        value = _VALUE.fullmatch(default)
        text = (value[1] or value[2]) if value is not None and not names_secret(found[1]) else ""
        at = Span(file.path, number, found.start(1) + 1, number, found.end(1))
        detail = EnvironmentDocumented(text)
        yield Symbol(Kind.ENVIRONMENT, Action.REFERS, Exact(found[1]), at, "", "document", file.role, detail)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
