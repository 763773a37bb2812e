"""Old backups are deleted before the new one is known to be good.

When dumps begin to fail, the clean-up goes on: after the retention period the last good copy is gone too.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
find /backups -name '*.dump' -mtime +7 -delete
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
pg_restore --list /backups/orders.dump > /dev/null
find /backups -name '*.dump' -mtime +7 -delete
```

## Repair

Dump, check the dump, and only then delete the oldest ones: with `set -e`, or chained by `&&`. Keeping a number of good
copies is safer than deleting by age.
"""

from collections.abc import Iterator

from roadworthy.model.backups import Script, backups
from roadworthy.model.detail.backup import BackupStep
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the place of what deletes with that of the dump and of the step that checks it."""
    for backup in backups(facts):
        yield _backup(backup)


def _backup(backup: Script) -> Finding | Held:
    order = list(backup.steps.steps)
    first = backup.dumps[0]
    deletes = [step for step in order if step.act == "delete"]
    early = next((step for step in deletes if order.index(step) < order.index(first)), None)
    if early is not None:
        return _finding(backup, early, first, "before the new one is made")
    behind = order[order.index(backup.dumps[-1]) + 1 :]
    verify = next((step for step in behind if step.act == "verify"), None)
    between = next((s for s in deletes if verify is not None and order.index(s) < order.index(verify)), None)
    if verify is not None and between is not None:
        return _finding(backup, between, verify, "before the new one is checked")
    loose = next((s for s in deletes if s.at == first.at), None)
    if loose is not None and first.silent and "pipe" not in first.silent:
        return _finding(backup, loose, first, "although the new one may have failed")
    return Held(first.at)


def _finding(backup: Script, deletes: BackupStep, other: BackupStep, when: str) -> Finding:
    says = "the new dump is checked here" if other.act == "verify" else "the new dump is made here"
    return Finding(
        f"{backup.name} deletes old backups {when}: `{deletes.text}`",
        deletes.at,
        (*((Related(other.at, says),) if other.at != deletes.at else ()), *backup.started()),
        "Delete only after the new dump was made and checked, chained by `&&` or under `set -e`",
        (deletes.tool, other.tool),
        backup.symbol.component,
    )
