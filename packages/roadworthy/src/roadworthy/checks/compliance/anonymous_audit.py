"""An audit trail does not say who.

It tells what was changed and when; the question an audit asks is by whom.

## Fails

```sql title="migrations/001.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL);
CREATE TABLE audit_log (id uuid PRIMARY KEY, action text NOT NULL, entity_id uuid NOT NULL, created_at timestamptz NOT NULL);
```

## Passes

```sql title="migrations/001.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL);
CREATE TABLE audit_log (
  id uuid PRIMARY KEY, actor text NOT NULL, action text NOT NULL, entity_id uuid NOT NULL, created_at timestamptz NOT NULL
);
```

## Repair

Add a column for the actor (the user, the service or the job that acted) that may not be null, and fill it in one place.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.privacy import ActorWritten
from roadworthy.model.detail.table import ForeignKey, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.STORE, since="0.1", needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}))

_AUDIT = re.compile(
    r"(?:\w+_)?audit(?:s|ed)?(?:_?(?:log|trail|entry|entries|event|record|row)s?)?|(?:\w+_)?activity_?logs?"
)
_ACTOR = re.compile(
    r"(?:^|_)(?:actor|user|who|by|account|staff|principal|operator|author|editor|performer|agent|admin|member|employee|owner|"
    r"initiator|subject|client|service|source|identity|username|login|email|owner|responsible|person|caller|token)(?:$|_)"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for the actor among the columns of tables that are audit trails."""
    entries = [s for s in facts.details(Kind.CONSTRUCT, Action.REFERS, ActorWritten) if s.role is FileRole.PROD]
    for symbol in entries:
        yield from _entry(symbol, entries)
    found = False
    keys = {str(s.name).partition(".")[0] for s in facts.details(Kind.COLUMN, Action.REFERS, ForeignKey)}
    tables = [s for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined) if s.role is FileRole.PROD]
    for symbol in tables:
        table = symbol.detail
        if not isinstance(table, TableDefined) or not _AUDIT.fullmatch(str(symbol.name).lower()):
            continue
        found = True
        snake = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).lower() for column in table.columns]
        if any(_ACTOR.search(column) for column in snake):
            yield Held(symbol.at)
        elif len(snake) < 3 or (str(symbol.name) in keys and table.by != "sql" and len(snake) < 4):
            yield Unknown(f"which columns `{symbol.name}` has", symbol.at)
        else:
            yield _finding(symbol, table, tables)
    if not found and tables:
        yield Held(tables[0].at)


def _finding(symbol: Symbol, table: TableDefined, tables: list[Symbol]) -> Finding:
    person = next(
        (s for s in tables if str(s.name).lower() in ("users", "user", "accounts", "staff", "auth_user")), None
    )
    return Finding(
        f"the audit trail `{symbol.name}` has no column that says who acted ({', '.join(table.columns[:8])})",
        symbol.at,
        (Related(person.at, f"`{person.name}` holds those who act"),) if person is not None else (),
        "Add a column for the actor that may not be null",
        (str(symbol.name),),
    )


def _entry(symbol: Symbol, entries: list[Symbol]) -> Iterator[Finding]:
    """Yield an entry that says the same of everybody, where the one who acts is known beside it."""
    written = symbol.detail
    if not isinstance(written, ActorWritten) or not written.fixed or not written.known:
        return
    others = [s for s in entries if isinstance(s.detail, ActorWritten) and not s.detail.fixed]
    yield Finding(
        f"the audit entry names `{written.text}` whoever acts, though `{written.known}` is known here",
        symbol.at,
        tuple(Related(s.at, "another entry names the one who acts") for s in others[:2]),
        f"Write `{written.known}` as the actor",
        (written.text, written.known),
    )
