"""Erasing a person leaves rows about that person behind.

The request is answered with success and the person is told that everything is gone; a table that hangs on theirs keeps
what it holds, or keeps the erasure from working at all.

## Fails

```sql title="migrations/001_schema.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE addresses (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), street text);
```

```python title="app/users.py"
def erase_user(connection, user):
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

## Passes

```sql title="migrations/001_schema.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE addresses (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), street text);
```

```python title="app/users.py"
def erase_user(connection, user):
    connection.execute("DELETE FROM addresses WHERE user_id = %s", (user,))
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

## Repair

Delete the rows in the same transaction, or declare the foreign key with `ON DELETE CASCADE`. Where the law makes you keep
them, overwrite what identifies the person.

## References

- https://gdpr-info.eu/art-17-gdpr/
"""

from collections.abc import Iterator

from roadworthy.model.detail.table import ErasureFound, PersonRows
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.COLUMN}),
    effort=Effort.HOURS,
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the tables that hang on a person's with those the erasing code reaches."""
    erasures = list(facts.details(Kind.TABLE, Action.REFERS, ErasureFound))
    if erasures:
        for opening in facts.openings(Kind.TABLE):
            yield Unknown(f"which tables hold a person: {opening.reason}", opening.at)
    examined = set()
    for symbol in facts.details(Kind.TABLE, Action.REFERS, PersonRows):
        rows = symbol.detail
        if not isinstance(rows, PersonRows):
            continue
        examined.add(rows.root)
        match rows.state:
            case "erased":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether erasing from `{rows.root}` reaches `{symbol.name}`: {rows.why}", symbol.at)
            case _:
                yield Finding(
                    f"`{rows.function}` deletes from `{rows.root}` and leaves `{symbol.name}` behind: its `{rows.key}` "
                    f"refers to `{rows.parent}` without a cascade, and nothing deletes its rows",
                    symbol.at,
                    (
                        Related(rows.erasing, f"`{rows.function}` erases from `{rows.root}` here"),
                        Related(rows.parent_at, f"`{rows.parent}`, to which the rows belong"),
                    ),
                    f"In `{rows.function}`, delete the rows of `{symbol.name}` too, or let `{rows.key}` cascade",
                    (str(symbol.name), rows.key, rows.root),
                )
    for symbol in erasures:
        if str(symbol.name) not in examined and not facts.openings(Kind.TABLE):
            known = any(str(table.name) == str(symbol.name) for table in facts.definitions(Kind.TABLE))
            if known:
                yield Held(symbol.at)
            else:
                yield Unknown(f"which tables hang on `{symbol.name}`: nothing that was read creates it", symbol.at)
