"""A consent is asked for and not kept.

Whoever relies on a consent must be able to show that it was given, when, and to what.

## Fails

```python title="app/schemas.py"
from pydantic import BaseModel


class SignUp(BaseModel):
    email: str
    marketing_consent: bool = False
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

## Passes

```python title="app/schemas.py"
from pydantic import BaseModel


class SignUp(BaseModel):
    email: str
    marketing_consent: bool = False
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE consents (
  user_id uuid NOT NULL REFERENCES users (id), kind text NOT NULL, version text NOT NULL, given_at timestamptz NOT NULL
);
```

## Repair

Keep a row for each consent: the person, what for, the version of the text, when it was given and when it was withdrawn.

## References

- https://gdpr-info.eu/art-7-gdpr/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.privacy import ConsentAsked, ConsentWritten
from roadworthy.model.detail.table import RowsErased, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}),
    effort=Effort.HOURS,
)

_KEPT = re.compile(
    r"consent|terms|agree|accept|opt_?in|privacy|permission|gdpr|marketing|newsletter|subscri|preference", re.IGNORECASE
)
_TABLE = re.compile(r"(?:\w+_)?consents?(?:_\w+)?")
_PERSON = re.compile(
    r"(?:\w+_)?(?:users?|subjects?|patients?|customers?|members?|persons?|accounts?|profiles?|participants?)"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the consents that are asked for with the tables and columns that could keep them."""
    tables = [s for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined) if s.role is FileRole.PROD]
    asked = [s for s in facts.details(Kind.CONSTRUCT, Action.REFERS, ConsentAsked) if s.role is FileRole.PROD]
    kept = next(
        (
            s
            for s in tables
            if isinstance(s.detail, TableDefined)
            and (_KEPT.search(str(s.name)) or any(_KEPT.search(column) for column in s.detail.columns))
        ),
        None,
    )
    # What fills a table that SQL makes may be SQL too, which is not read for it.
    table = next((s for s in tables if _TABLE.fullmatch(str(s.name).lower()) and _by(s) != "sql"), None)
    written = next((s for s in facts.details(Kind.CONSTRUCT, Action.REFERS, ConsentWritten) if _counts(s)), None)
    if table is not None and written is None:
        yield from _never_written(facts, table, asked)
    elif kept is not None:
        yield Held(kept.at)
    elif not asked and tables:
        yield Held(tables[0].at)
    elif tables:
        opening = next(iter(facts.openings(Kind.TABLE)), None)
        person = next((s for s in tables if _PERSON.fullmatch(str(s.name).lower())), tables[0])
        for symbol in asked:
            if opening is not None:
                yield Unknown(f"whether `{symbol.name}` is kept: {opening.reason}", opening.at)
                continue
            holder = symbol.detail.holder if isinstance(symbol.detail, ConsentAsked) else ""
            yield Finding(
                f"`{holder}` asks for `{symbol.name}`, and no table keeps it",
                symbol.at,
                (Related(person.at, f"`{person.name}` has no column for it"),),
                "Keep a row for each consent: who, what for, which text, when",
                (str(symbol.name), holder),
            )


def _by(table: Symbol) -> str:
    return table.detail.by if isinstance(table.detail, TableDefined) else ""


def _counts(symbol: Symbol) -> bool:
    return symbol.role is FileRole.PROD and "migration" not in symbol.at.path


def _never_written(facts: Facts, table: Symbol, asked: list[Symbol]) -> Iterator[Finding | Unknown]:
    """Say that a table of consents stays empty, unless code that is not read may fill it."""
    unread = next((o for o in facts.openings(Kind.CONSTRUCT) if o.unread), None)
    if unread is not None:
        yield Unknown(f"whether anything writes `{table.name}`: {unread.reason}", unread.at)
        return
    taken = [
        s
        for s in facts.details(Kind.TABLE, Action.REFERS, RowsErased)
        if s.role is FileRole.PROD and str(s.name).lower() in str(table.name).lower()
    ]
    sides = [Related(s.at, f"asks for `{s.name}`") for s in asked[:1]] or [
        Related(s.at, "erases its rows, which nobody makes") for s in taken[:1]
    ]
    yield Finding(
        f"the table `{table.name}` keeps consents, and no code makes a row of it",
        table.at,
        tuple(sides),
        "Store a row with each consent: who, what for, which text, when",
        (str(table.name),),
    )
