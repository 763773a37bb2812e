"""A restore brings erased persons back.

The erasure deletes from the database of today; the backup of last week still holds the person, and nothing erases them
again after it was restored.

## Fails

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

```python title="app/privacy.py"
def erase_user(connection, user):
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```sh title="scripts/restore.sh"
#!/bin/bash
set -euo pipefail
pg_restore --dbname="$DATABASE_URL" /backups/orders.dump
```

## Passes

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

```python title="app/privacy.py"
def erase_user(connection, user):
    connection.execute("INSERT INTO erased_users (id) VALUES (%s)", (user,))
    connection.execute("DELETE FROM users WHERE id = %s", (user,))
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```sh title="scripts/restore.sh"
#!/bin/bash
set -euo pipefail
pg_restore --dbname="$DATABASE_URL" /backups/orders.dump
python -m app.reapply_erasures
```

## Repair

Keep a list of those who were erased outside of the backup (a digest is enough), and erase them again as the last step of
every restore.
"""

import re
from collections.abc import Iterator

from roadworthy.model.backups import backups, scripts
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.table import ErasureFound, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR, Family.PERSONAL_DATA, since="0.1", needs=frozenset({Kind.TABLE, Kind.JOB}), effort=Effort.HOURS
)

_READ = (FileRole.PROD, FileRole.DOCUMENT)
# Scripts that restore beside the service, to see whether it works.
_REHEARSES = re.compile(r"rehears|drill|check|verif|test|scratch", re.IGNORECASE)
_READS = re.compile(r"\bselect\b", re.IGNORECASE)
_CHANGES = re.compile(r"\bdelete\s+from\b|\bupdate\b.*\bset\b.*\bnull\b", re.IGNORECASE)
_ERASES = re.compile(r"eras|tombstone|forget|gdpr|anonymi[sz]", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, where persons are erased and backups restored, for what erases them again."""
    erasures = list(facts.details(Kind.TABLE, Action.REFERS, ErasureFound))
    made = backups(facts)
    restoring = [
        one
        for one in scripts(facts)
        if one.steps.of("restore") and one.steps.form == "script" and not _REHEARSES.search(one.name)
    ]
    if not erasures or not made or not restoring:
        table = next(facts.details(Kind.TABLE, Action.DEFINES, TableDefined), None)
        if table is not None:
            yield Held(table.at)
        return
    again = next(
        (one for one in restoring if one.steps.erases or any(_ERASES.search(name) for name in one.steps.calls)), None
    )
    if again is not None:
        yield Held(again.symbol.at)
        return
    told = _told(facts, frozenset(one.name for one in restoring))
    if told is not None:
        yield Unknown("whether those who follow the document erase again after a restore", told.at)
        return
    first, erasure = restoring[0], erasures[0]
    function = erasure.detail.function if isinstance(erasure.detail, ErasureFound) else ""
    yield Finding(
        f"{first.name} restores backups and erases nobody again, though `{function}` erases persons",
        first.steps.of("restore")[0].at,
        (
            Related(erasure.at, f"`{function}` erases from `{erasure.name}` here"),
            Related(made[0].dumps[0].at, "the backup keeps those who were erased since"),
        ),
        "Keep a list of the erased outside of the backup, and erase them again as the last step of the restore",
        (function, first.name),
    )


def _told(facts: Facts, restoring: frozenset[str]) -> Symbol | None:
    """Return a command of a document that erases again; the restore itself was read for that."""
    for symbol in facts.references(Kind.STEP):
        line = symbol.detail
        if not isinstance(line, CommandLine) or line.source != "document" or symbol.role not in _READ:
            continue
        if any(word.rpartition("/")[2] in restoring for word in line.words):
            continue
        text = " ".join(line.words)[:2000]
        if _CHANGES.search(text) or (_ERASES.search(text) and not _READS.search(text)):
            return symbol
    return None
