"""Log lines carry personal data.

Logs go to more people, more machines and more countries than the database, are kept longer, and no erasure reaches them.

## Fails

```python title="app/signup.py"
import logging

logger = logging.getLogger(__name__)


def sign_up(user) -> None:
    logger.info("signed up %s", user.email)
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

## Passes

```python title="app/signup.py"
import logging

logger = logging.getLogger(__name__)


def sign_up(user) -> None:
    logger.info("signed up %s", user.id)
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

## Repair

Log the identifier, or a keyed hash of it, never the datum.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.privacy import PersonalLogged
from roadworthy.model.detail.table import TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PERSONAL_DATA, since="0.1", needs=frozenset({Kind.COLUMN, Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for fields of persons among the arguments of logging calls."""
    columns: dict[str, Symbol] = {}
    for symbol in facts.details(Kind.TABLE, Action.DEFINES, TableDefined):
        if isinstance(symbol.detail, TableDefined) and symbol.role is FileRole.PROD:
            for column in symbol.detail.columns:
                columns.setdefault(column.lower(), symbol)
    found = False
    for symbol in facts.details(Kind.COLUMN, Action.REFERS, PersonalLogged):
        logged = symbol.detail
        if symbol.role is not FileRole.PROD or not isinstance(logged, PersonalLogged):
            continue
        found = True
        table = columns.get(str(symbol.name).lower())
        what = f"all of `{symbol.name}`" if logged.whole else f"`{symbol.name}`"
        yield Finding(
            f"`{logged.call}` writes {what} into the log"
            + (f", a column of `{table.name}`" if table is not None else ""),
            symbol.at,
            (Related(table.at, f"`{table.name}` keeps it"),) if table is not None else (),
            "Log the identifier instead",
            (str(symbol.name), logged.call),
            symbol.component,
        )
    if not found:
        read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
        if read is not None:
            yield Held(read.at)
