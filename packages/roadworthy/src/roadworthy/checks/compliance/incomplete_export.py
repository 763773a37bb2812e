"""A person who asks for their data does not get all of it.

The export was written when there were three tables; the fourth, added last year, is not in it.

## Fails

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE addresses (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
```

```python title="app/privacy.py"
def export_user(connection, user):
    rows = connection.execute("SELECT * FROM users WHERE id = %s", (user,))
    orders = connection.execute("SELECT * FROM orders WHERE user_id = %s", (user,))
    return {"user": rows.fetchone(), "orders": orders.fetchall()}


def erase_user(connection, user):
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

## Passes

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE addresses (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
```

```python title="app/privacy.py"
def export_user(connection, user):
    rows = connection.execute("SELECT * FROM users WHERE id = %s", (user,))
    orders = connection.execute("SELECT * FROM orders WHERE user_id = %s", (user,))
    addresses = connection.execute("SELECT * FROM addresses WHERE user_id = %s", (user,))
    return {"user": rows.fetchone(), "orders": orders.fetchall(), "addresses": addresses.fetchall()}


def erase_user(connection, user):
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

## Repair

Add the table to the export, and let a test compare the tables of the schema with those of the export.

## References

- https://gdpr-info.eu/art-15-gdpr/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.privacy import ExportFound
from roadworthy.model.detail.table import PersonRows, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}),
    effort=Effort.HOURS,
)

_INNER = re.compile(
    r"audit|log|token|password|otp|outbox|job|queue|cache|migrat|api_?key|secret|tombstone|lock|session_?key|permission|group"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the tables that hang on a person's with the words of what exports their data."""
    exports = [s for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ExportFound) if s.role is FileRole.PROD]
    rows: dict[str, Symbol] = {}
    for symbol in facts.details(Kind.TABLE, Action.REFERS, PersonRows):
        rows.setdefault(str(symbol.name), symbol)
    tables = {
        str(s.name): s for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined) if s.role is FileRole.PROD
    }
    if not exports:
        if tables:
            yield Held(next(iter(tables.values())).at)
        return
    words = frozenset[str]().union(*(s.detail.words for s in exports if isinstance(s.detail, ExportFound)))
    if not rows:
        yield Held(exports[0].at)
    covered = {name for name in rows if _told(name, words)}
    for name, symbol in sorted(rows.items()):
        if _INNER.search(name) or name in covered:
            yield Held(symbol.at)
        elif not covered:
            yield Unknown(f"which tables `{exports[0].name}` reads", exports[0].at)
        else:
            place = tables.get(name, symbol)
            yield Finding(
                f"`{exports[0].name}` hands a person their data without `{name}`, whose rows are theirs",
                exports[0].at,
                (
                    Related(symbol.at, f"`{name}` refers to the person"),
                    *((Related(place.at, f"`{name}` is created here"),) if place.at != symbol.at else ()),
                ),
                f"Add the rows of `{name}` to the export",
                (name, str(exports[0].name)),
            )


def _told(table: str, words: frozenset[str]) -> bool:
    """Tell whether every part of a table's name is among the words, in singular or plural."""
    parts = [part for part in re.split(r"_+", table.lower()) if part]
    return all(
        any(
            form in words
            for form in (
                part,
                part.rstrip("s"),
                part + "s",
                part + "es",
                re.sub(r"ies$", "y", part),
                re.sub(r"y$", "ies", part),
                re.sub(r"es$", "", part),
            )
        )
        for part in parts
    )
