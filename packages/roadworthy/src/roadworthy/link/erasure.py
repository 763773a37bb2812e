"""Which tables hold a person's rows, and whether the code that erases the person reaches them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from roadworthy.link.draft import Draft
from roadworthy.model.detail.table import (
    CallsMade,
    ErasureFound,
    ForeignKey,
    ModelMapped,
    PersonRows,
    RowsErased,
    TableDefined,
    TableDropped,
)
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_PERSON = re.compile(
    r"(?:(?:auth|app|core|tbl|t|accounts?|api|custom|site|study)_?)?(users?|subjects?|patients?|customers?|accounts?|members?"
    r"|persons?|people|participants?|clients?|employees?|students?|contacts?|guests?|respondents?|citizens?|donors?|recipients?"
    r"|subscribers?|applicants?|candidates?|passengers?|visitors?|attendees?|residents?|volunteers?)"
)
_SCRIPTED = re.compile(
    r"seed|reset|truncate|drop|teardown|tear_down|fixture|cleanup_test|load_|(?i:(?:clear|clean|wipe|purge)_?(?:all|db|database))"
)
_COMMON = frozenset(
    {"delete", "execute", "remove", "get", "all", "commit", "run", "save", "update", "scalar", "first", "add"}
)
# Who declares what tables are, whatever migrations dropped before.
_MODELS = frozenset({"sqlalchemy", "django", "prisma", "typeorm", "drizzle", "sequelize", "mongoose"})
_DETACHED = frozenset({"set null", "set default", "set_null", "set_default"})


@dataclass(slots=True)
class _Schema:
    tables: dict[str, Symbol] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    orm: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[tuple[str, str, str], list[tuple[Symbol, ForeignKey]]] = field(default_factory=lambda: defaultdict(list))

    def table(self, name: str) -> str:
        """Return the table a class stands for, or the name itself."""
        return self.models.get(name, name.lower())


def is_person(table: str) -> bool:
    """Tell whether a table of this name holds persons."""
    return _PERSON.fullmatch(table.lower()) is not None


def derive(draft: Draft) -> None:
    """Add every erasure of a person, and each table of that person's rows with what becomes of it."""
    schema = _schema(draft)
    rows = [
        (symbol, symbol.detail)
        for symbol in draft.of(Kind.TABLE, Action.REFERS)
        if isinstance(symbol.detail, RowsErased) and symbol.role is FileRole.PROD
    ]
    found: list[Symbol] = []
    for symbol, detail in rows:
        if not isinstance(symbol.name, Exact) or _SCRIPTED.search(detail.function) or "migrations/" in symbol.at.path:
            continue
        table = schema.table(symbol.name.text)
        overwrites = detail.how == "update" and re.search(
            r"eras|anonymi[sz]|forget|gdpr|pseudonymi[sz]", detail.function
        )
        if is_person(table) and (detail.how == "delete" or overwrites):
            erasure = ErasureFound(detail.function, detail.how)
            found.append(_derived(table, symbol.at, erasure))
    draft.symbols += found
    roots: dict[str, Symbol] = {}
    for symbol in sorted(found, key=lambda s: s.at):
        if isinstance(symbol.detail, ErasureFound) and symbol.detail.how == "delete":
            roots.setdefault(str(symbol.name), symbol)
    for table, symbol in roots.items():
        _follow(draft, schema, rows, table, symbol)


def _schema(draft: Draft) -> _Schema:
    schema = _Schema()
    dropped = {
        str(s.name)
        for s in draft.of(Kind.TABLE, Action.REFERS)
        if isinstance(s.detail, TableDropped) and s.role is FileRole.PROD
    }
    for symbol in sorted(draft.of(Kind.TABLE, Action.DEFINES), key=lambda s: s.at):
        if symbol.role is not FileRole.PROD:
            continue
        if isinstance(symbol.detail, ModelMapped):
            schema.models[str(symbol.name)] = symbol.detail.table
            schema.orm[symbol.detail.table] |= set(symbol.detail.cascades)
        elif isinstance(symbol.detail, TableDefined) and (
            str(symbol.name) not in dropped or symbol.detail.by in _MODELS
        ):
            schema.tables.setdefault(str(symbol.name), symbol)
    for symbol in draft.of(Kind.COLUMN, Action.REFERS):
        if isinstance(symbol.detail, ForeignKey) and symbol.role is FileRole.PROD:
            key = symbol.detail
            if key.table in schema.tables:
                schema.keys[key.table, key.column, schema.table(key.target)].append((symbol, key))
    return schema


def _follow(draft: Draft, schema: _Schema, rows: list[tuple[Symbol, RowsErased]], root: str, erasing: Symbol) -> None:
    detail = erasing.detail
    if not isinstance(detail, ErasureFound) or root not in schema.tables:
        return
    sure, likely = _reach(draft, detail.function, erasing.at)
    surely = {
        schema.table(str(s.name)) for s, d in rows if (s.at.path, d.function) in sure and isinstance(s.name, Exact)
    }
    perhaps = {schema.table(str(s.name)) for s, d in rows if d.function in likely and isinstance(s.name, Exact)}
    computed = next(
        (
            s
            for s, d in rows
            if ((s.at.path, d.function) in sure or d.function in likely) and not isinstance(s.name, Exact)
        ),
        None,
    )
    for table, symbol in schema.tables.items():
        column = _names_person(symbol, root)
        if column and table != root and (table, column, root) not in schema.keys:
            state, why = _state(schema, root, table, [], surely, perhaps, set())
            if state == "kept" and computed is not None:
                state, why = "unclear", f"{computed.name}, at {computed.at.path}:{computed.at.line}"
            rows_of = PersonRows(root, column, state, why, detail.function, erasing.at, root, schema.tables[root].at)
            draft.symbols.append(_derived(table, symbol.at, rows_of))
    by_session = {schema.table(str(s.name)) for s, d in rows if d.by == "session" and (s.at.path, d.function) in sure}
    pending, seen = [root], {root}
    while pending:
        parent = pending.pop(0)
        children = [(k, v) for k, v in sorted(schema.keys.items(), key=lambda item: item[0]) if k[2] == parent]
        for (table, column, _), found in children:
            if table == parent:
                continue
            state, why = _state(schema, parent, table, found, surely, perhaps, by_session)
            if state == "kept" and computed is not None:
                state, why = "unclear", f"{computed.name}, at {computed.at.path}:{computed.at.line}"
            place = max(found, key=lambda pair: pair[0].at)[0]
            rows_of = PersonRows(
                root,
                column,
                state,
                why,
                detail.function,
                erasing.at,
                parent,
                schema.tables[parent].at if parent in schema.tables else erasing.at,
            )
            draft.symbols.append(_derived(table, place.at, rows_of))
            if table not in seen and state == "erased" and why != "detached":
                seen.add(table)
                pending.append(table)
                if why == "orm":
                    by_session.add(table)


def _names_person(table: Symbol, root: str) -> str:
    """Return the column of a table that by its name leads to a person of `root` though no foreign key says so: the
    person's id, or how to reach them."""
    detail = table.detail
    person = root.lower().rpartition("_")[2].rstrip("s")
    if not isinstance(detail, TableDefined) or len(person) < 4:
        return ""
    for column in detail.columns:
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower()
        if re.fullmatch(rf"{re.escape(person)}s?_(?:id|uuid|key|ref|e_?mail|phone|name)", snake):
            return column
    return ""


def _state(
    schema: _Schema,
    parent: str,
    table: str,
    found: list[tuple[Symbol, ForeignKey]],
    surely: set[str],
    perhaps: set[str],
    by_session: set[str],
) -> tuple[str, str]:
    actions = {key.on_delete for _, key in found}
    if table in surely:
        return "erased", "the same code deletes or overwrites its rows"
    if "cascade" in actions:
        return "erased", "cascade"
    if actions & _DETACHED:
        return "erased", "detached"
    if parent in by_session and any(schema.table(name) == table for name in schema.orm[parent]):
        return "erased", "orm"
    if table in perhaps:
        return "unclear", f"code that the erasure may call deletes from {table}"
    return "kept", next(iter(sorted(actions)), "")


def _reach(draft: Draft, function: str, at: Span) -> tuple[set[tuple[str, str]], set[str]]:
    """Return the functions that surely run with an erasure, as pairs of path and name, and those that may, by name."""
    calls: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.CONSTRUCT, Action.DEFINES):
        if isinstance(symbol.detail, CallsMade) and symbol.role is FileRole.PROD:
            calls[str(symbol.name)] |= set(symbol.detail.names)
            places[str(symbol.name)].add(symbol.at.path)
    callers = {function}
    for _ in range(3):
        callers |= {name for name, called in calls.items() if called & (callers - _COMMON)}
    below = set(callers)
    for _ in range(4):
        below |= {name for known in list(below) for name in calls.get(known, set()) if name in places}
    sure = {(path, name) for name in below if name not in _COMMON for path in places[name]} | {(at.path, function)}
    return sure, below & _COMMON


def _derived(table: str, at: Span, detail: ErasureFound | PersonRows) -> Symbol:
    return Symbol(Kind.TABLE, Action.REFERS, Exact(table), at, detail=detail)
