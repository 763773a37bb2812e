"""schema.prisma: models as tables, relations as foreign keys, and the variables that the data source reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.index import ColumnsPlain, IndexMade
from roadworthy.model.detail.table import ForeignKey, ModelMapped, TableDefined
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.problem import SyntaxProblem

PROVIDES = frozenset({Kind.TABLE, Kind.COLUMN, Kind.ENVIRONMENT, Kind.CONSTRUCT})

_BLOCK = re.compile(r"^\s*(model|view|type|enum|datasource|generator)\s+(\w+)\s*\{", re.MULTILINE)
_COMMENT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|//[^\n]*")
_FIELD = re.compile(r"[ \t]*(\w+)[ \t]+(\w+)(\[\])?(\?)?([^\n]*)")
_MAP = re.compile(r"(?<!@)@map\(\s*(?:name:\s*)?\"([^\"]+)\"")
_TABLE_MAP = re.compile(r"@@map\(\s*(?:name:\s*)?\"([^\"]+)\"")
_LEADING = re.compile(r"^[ \t]*@@(index|unique|id)\(\s*(?:fields:\s*)?\[\s*(\w+)")
_RELATION = re.compile(r"@relation\((.*)\)")
_FIELDS = re.compile(r"fields:\s*\[\s*(\w+)")
_DELETING = re.compile(r"onDelete:\s*(\w+)")
_READING = re.compile(r"env\(\s*\"(\w+)\"\s*\)")
_ACTIONS = {"Cascade": "cascade", "SetNull": "set null", "SetDefault": "set default", "Restrict": "restrict"}
_ACTIONS |= {"NoAction": "no action"}


@dataclass(slots=True)
class _Field:
    name: str
    type: str
    listed: bool
    optional: bool
    rest: str
    line: int
    column: int


@dataclass(slots=True)
class _Model:
    name: str
    table: str
    at: Span
    fields: list[_Field] = field(default_factory=list)
    leading: list[tuple[str, str, int]] = field(default_factory=list)


def wants(path: str) -> bool:
    """Files that end in `.prisma`."""
    return path.endswith(".prisma")


def recognises(file: SourceFile) -> bool:
    """Every file of such a name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield tables with their columns, foreign keys, the classes that stand for tables, and variables."""
    text = _COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else " " * len(m[0]), file.text)
    models: list[_Model] = []
    for found in _BLOCK.finditer(text):
        end = text.find("\n}", found.end())
        if end < 0:
            raise SyntaxProblem(f"the block `{found[2]}` has no end", text.count("\n", 0, found.start(1)) + 1)
        body = text[found.end() : end]
        line = text.count("\n", 0, found.start(1)) + 1
        column = found.start(2) - text.rfind("\n", 0, found.start(2))
        at = Span(file.path, line, column, line, column + len(found[2]) - 1)
        if found[1] in ("model", "view"):
            models.append(_model(found[2], body, line, at))
        elif found[1] == "datasource":
            yield from _variables(file, body, line)
    names = {model.name: model.table for model in models}
    for model in models:
        yield from _statements(file, model, names)


def _model(name: str, body: str, first: int, at: Span) -> _Model:
    mapped = _TABLE_MAP.search(body)
    model = _Model(name, (mapped[1] if mapped else name).lower(), at)
    for offset, line in enumerate(body.split("\n")):
        if leading := _LEADING.match(line):
            model.leading.append((leading[1], leading[2], first + offset))
        found = _FIELD.match(line)
        if found is not None and not line.lstrip().startswith("@@"):
            optional, listed = found[4] is not None, found[3] is not None
            model.fields.append(
                _Field(found[1], found[2], listed, optional, found[5], first + offset, found.start(1) + 1)
            )
    return model


def _statements(file: SourceFile, model: _Model, names: dict[str, str]) -> Iterator[Symbol]:
    columns: dict[str, str] = {}
    for one in model.fields:
        if one.type not in names and not one.listed:
            mapped = _MAP.search(one.rest)
            columns[one.name] = mapped[1] if mapped else one.name
    definition = TableDefined("prisma", tuple(columns.values()))
    yield _symbol(file, Kind.TABLE, Action.DEFINES, model.table, model.at, definition)
    yield _symbol(file, Kind.TABLE, Action.DEFINES, model.name, model.at, ModelMapped(model.table))
    yield from _indexes(file, model, columns)
    for one in model.fields:
        relation = _RELATION.search(one.rest)
        held = _FIELDS.search(relation[1]) if relation else None
        if one.type not in names or held is None or relation is None:
            continue
        action = _DELETING.search(relation[1])
        # Without onDelete, Prisma sets optional relations to null and refuses to delete behind required ones.
        on_delete = _ACTIONS.get(action[1], "") if action else "set null" if one.optional else ""
        key = ForeignKey(model.table, columns.get(held[1], held[1]), names[one.type], on_delete)
        at = Span(file.path, one.line, one.column, one.line, one.column + len(one.name) - 1)
        yield _symbol(file, Kind.COLUMN, Action.REFERS, f"{model.table}.{key.column}", at, key)


def _indexes(file: SourceFile, model: _Model, columns: dict[str, str]) -> Iterator[Symbol]:
    """Yield the leading columns of indexes and keys, and the columns that have none."""
    found = [(word, name, Span(file.path, line)) for word, name, line in model.leading]
    found += [
        ("unique", one.name, Span(file.path, one.line, one.column))
        for one in model.fields
        if re.search(r"(?<!@)@(unique|id)\b", one.rest)
    ]
    for word, name, at in found:
        made = IndexMade(columns.get(name, name).lower(), "model", True, word == "index")
        yield _symbol(file, Kind.CONSTRUCT, Action.DEFINES, model.name, at, made)
    led = {name for _, name, _ in found}
    plain = tuple(column.lower() for name, column in columns.items() if name not in led)
    yield _symbol(file, Kind.CONSTRUCT, Action.DEFINES, model.name, model.at, ColumnsPlain(plain))


def _variables(file: SourceFile, body: str, first: int) -> Iterator[Symbol]:
    for offset, line in enumerate(body.split("\n")):
        for found in _READING.finditer(line):
            at = Span(file.path, first + offset, found.start(1) + 1, first + offset, found.end(1))
            optional = line.strip().startswith("shadow")
            read = EnvironmentRead("prisma datasource", None if optional else True)
            yield _symbol(file, Kind.ENVIRONMENT, Action.REFERS, found[1], at, read)


def _symbol(file: SourceFile, kind: Kind, action: Action, name: str, at: Span, detail: Detail) -> Symbol:
    return Symbol(kind, action, Exact(name), at, role=file.role, detail=detail)
