"""Rows are looked up by a column that no index covers.

The query reads the whole table. It is quick while the table is small, and the service slows down with every customer it
wins.

## Fails

```python title="app/models.py"
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_number = Column(String)


def of(customer: str):
    return select(Order).where(Order.customer_number == customer)
```

## Passes

```python title="app/models.py"
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_number = Column(String, index=True)


def of(customer: str):
    return select(Order).where(Order.customer_number == customer)
```

## Repair

Add an index that begins with the column, in the model and in a migration (`CREATE INDEX CONCURRENTLY` on a table that is
in use).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.index import ColumnsPlain, IndexDropped, IndexMade, RowsAsked
from roadworthy.model.detail.table import ModelMapped, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.STORE, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.TABLE}))

# Columns with few values, and those of tables that stay small: an index would not be used.
_COARSE = re.compile(
    r"^(is|has|was)_|(^|_)(status|state|active|enabled|deleted|default|type|kind|level|gender|role|flag)$|_at$",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"setting|config|role|permission|type|categor|country|currency|language|plan|feature|migration|version",
    re.IGNORECASE,
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the columns that queries look rows up by with those that indexes lead with."""
    mapped: dict[str, str] = {}
    for symbol in facts.details(Kind.TABLE, Action.DEFINES, ModelMapped):
        if isinstance(symbol.detail, ModelMapped):
            mapped[str(symbol.name)] = symbol.detail.table
    indexes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    anywhere: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, IndexMade):
        made = symbol.detail
        if not isinstance(made, IndexMade):
            continue
        table = mapped.get(str(symbol.name), str(symbol.name)) if made.model else str(symbol.name)
        indexes[table][made.by].add(made.column)
        if str(symbol.name) == "*":
            anywhere.add(made.column)
    defined: dict[str, Symbol] = {}
    for symbol in facts.details(Kind.TABLE, Action.DEFINES, TableDefined):
        if symbol.role is FileRole.PROD:
            defined.setdefault(str(symbol.name), symbol)
    yield from _drifted(facts, mapped)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, RowsAsked):
        asked = symbol.detail
        if not isinstance(asked, RowsAsked) or symbol.role is not FileRole.PROD:
            continue
        table = mapped.get(str(symbol.name), str(symbol.name)) if asked.model else str(symbol.name)
        made_in = indexes.get(table)
        if not made_in or (table, asked.columns) in seen:
            continue
        seen.add((table, asked.columns))
        # What a database has is what its migrations make; models count where there are none.
        leading = (made_in.get("migration") or made_in.get("model") or set()) | anywhere
        if set(asked.columns) & leading:
            yield Held(symbol.at)
        elif not all(_COARSE.search(column) for column in asked.columns) and not _SMALL.search(table):
            yield from _finding(symbol, asked, table, defined.get(table))


def _drifted(facts: Facts, mapped: dict[str, str]) -> Iterator[Finding]:
    """Compare the indexes of models with those of migrations: what one side lacks is lost, or never made."""
    stands = {name.lower(): table for name, table in mapped.items()}
    classes: dict[str, set[str]] = defaultdict(set)
    for symbol in facts.details(Kind.TABLE, Action.DEFINES, ModelMapped):
        if isinstance(symbol.detail, ModelMapped):
            classes[str(symbol.name).lower()].add(symbol.at.path)
    covered: dict[tuple[str, str], set[str]] = defaultdict(set)
    stated: dict[tuple[str, str], dict[str, Symbol]] = defaultdict(dict)
    first: dict[tuple[str, str], Symbol] = {}
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, IndexMade):
        made = symbol.detail
        if not isinstance(made, IndexMade) or symbol.role is not FileRole.PROD:
            continue
        name = str(symbol.name).lower()
        if made.model and len(classes[name]) != 1:
            continue
        table = stands.get(name, name) if made.model else name
        first.setdefault((made.by, table), symbol)
        if not made.foreign:
            covered[made.by, table].add(made.column)
        if made.stated:
            stated[made.by, table].setdefault(made.column, symbol)
    gone: dict[str, set[str]] = defaultdict(set)
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, IndexDropped):
        if isinstance(symbol.detail, IndexDropped):
            gone[str(symbol.name).lower()].add(symbol.detail.about)
            gone[stands.get(str(symbol.name).lower(), "")].add(symbol.detail.about)

    def undone(table: str, column: str) -> bool:
        about = gone[table] | gone["*"]
        return "*" in about or any(column in name for name in about)

    anywhere = covered["migration", "*"]
    for (by, table), columns in sorted(stated.items()):
        if by != "model" or not covered["migration", table]:
            continue
        for column, symbol in sorted(columns.items()):
            if column not in covered["migration", table] | anywhere and not undone(table, column):
                yield _drift(symbol, table, column, first["migration", table], "no migration makes it")
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ColumnsPlain):
        plain, name = symbol.detail, str(symbol.name).lower()
        if not isinstance(plain, ColumnsPlain) or symbol.role is not FileRole.PROD or len(classes[name]) != 1:
            continue
        table = stands.get(name, name)
        for column, made_at in sorted(stated["migration", table].items()):
            lost = column in plain.columns and column not in covered["model", table]
            if lost and not undone(table, column):
                yield _drift(made_at, table, column, symbol, "its model has none: the next migration drops it")


def _drift(symbol: Symbol, table: str, column: str, other: Symbol, what: str) -> Finding:
    return Finding(
        f"here `{table}` has an index on `{column}`, and {what}",
        symbol.at,
        (Related(other.at, f"says nothing of an index on `{column}`"),),
        f"Let models and migrations both make the index on {table} ({column})",
        (table, column),
        symbol.component,
    )


def _finding(symbol: Symbol, asked: RowsAsked, table: str, defined: Symbol | None) -> Iterator[Finding | Unknown]:
    columns = ", ".join(f"`{column}`" for column in asked.columns)
    if defined is None or not isinstance(defined.detail, TableDefined) or not _has(defined.detail, asked):
        yield Unknown(f"whether an index of `{table}` covers {columns}: its definition is not seen", symbol.at)
        return
    yield Finding(
        f"rows of `{table}` are looked up by {columns}, which no index covers",
        symbol.at,
        (Related(defined.at, f"defines `{table}`"),),
        f"Make an index on {table} ({asked.columns[0]})",
        (table, *asked.columns),
        symbol.component,
    )


def _has(table: TableDefined, asked: RowsAsked) -> bool:
    return not table.columns or set(asked.columns) <= {column.lower() for column in table.columns}
