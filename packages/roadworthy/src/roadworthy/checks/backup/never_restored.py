"""Backups are made, and nothing shows that one was ever restored.

A backup is what can be restored. The first attempt should not be made at three in the morning with the database gone.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```text title="crontab"
0 3 * * * /srv/scripts/backup.sh
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```sh title="scripts/restore-test.sh"
#!/bin/bash
set -euo pipefail
createdb scratch
pg_restore --dbname=scratch /backups/orders.dump
psql scratch -c 'SELECT count(*) FROM orders'
```

```text title="crontab"
0 3 * * * /srv/scripts/backup.sh
0 5 * * 0 /srv/scripts/restore-test.sh
```

## Repair

Write a script that restores a backup into an empty server and compares it, and let a schedule or a test run it.
"""

from collections.abc import Iterator

from roadworthy.model.backups import backups, scripts
from roadworthy.model.detail.backup import BackupSteps
from roadworthy.model.detail.schedule import BackupRun
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB}), effort=Effort.HOURS)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for what restores, and for what runs it."""
    made = [backup for backup in backups(facts) if backup.active]
    if not made:
        return
    restoring = [s for s in scripts(facts) if s.does("restore") and (s.steps.form != "pipeline" or s.active)]
    exercised = next((s for s in restoring if s.active or s.steps.form == "pipeline"), None)
    tested = _tested(facts)
    if exercised is not None:
        yield Held(exercised.symbol.at)
    elif tested is not None:
        yield Held(tested.at)
    elif restoring:
        first = restoring[0]
        yield Finding(
            f"{first.name} restores backups, and no schedule, pipeline or test ever runs it",
            first.symbol.at,
            (Related(made[0].dumps[0].at, "the backups are made here"), *made[0].started()),
            "Run it every week against an empty server, and compare what comes back",
            ("restore",),
        )
    else:
        told = _told(facts)
        yield Finding(
            f"nothing in the repository restores what {made[0].name} saves"
            + ("; a document tells how, by hand" if told is not None else ""),
            made[0].dumps[0].at,
            (*((Related(told.at, "the document"),) if told is not None else ()), *made[0].started()),
            "Write a script that restores a backup into an empty server, and let a schedule run it",
            ("restore",),
        )


def _tested(facts: Facts) -> Symbol | None:
    """Return what a test runs to restore."""
    for symbol in facts.details(Kind.JOB, Action.REFERS, BackupRun):
        if symbol.role is FileRole.TEST and isinstance(symbol.detail, BackupRun) and symbol.detail.by == "test":
            return symbol
    return None


def _told(facts: Facts) -> Symbol | None:
    for symbol in facts.details(Kind.JOB, Action.REFERS, BackupSteps):
        if isinstance(symbol.detail, BackupSteps) and symbol.detail.form == "document" and symbol.detail.of("restore"):
            return symbol
    return None
