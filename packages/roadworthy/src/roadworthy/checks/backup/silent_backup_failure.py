"""A backup fails, and the job that makes it succeeds.

Night after night an empty or truncated file is stored, the schedule shows green, and the first to notice is whoever
needs the data back.

## Fails

```sh title="scripts/backup.sh"
#!/bin/sh
set -eu
pg_dump "$DATABASE_URL" | gzip > /backups/orders.sql.gz
echo "backup done"
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump "$DATABASE_URL" | gzip > /backups/orders.sql.gz
echo "backup done"
```

## Repair

Begin the script with `set -euo pipefail` (bash), take away `|| true`, and let the last line be reached by success only.
Where only `sh` is at hand, dump to a file first and compress it afterwards.
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
    """Follow what becomes of the failure of every step that dumps or sends a dump away."""
    for backup in backups(facts):
        steps = [*backup.dumps, *backup.steps.of("upload")]
        broken = next((step for step in steps if step.silent), None)
        if broken is None:
            yield Held(backup.dumps[0].at)
        else:
            yield _finding(backup, broken)


def _finding(backup: Script, step: BackupStep) -> Finding:
    where = step.silent_at if step.silent_at is not None and step.silent_at != step.at else None
    pipe = "pipe" in step.silent
    return Finding(
        f"when `{step.tool}` fails, {backup.name} succeeds all the same: {step.silent}",
        step.at,
        (*((Related(where, "here it is decided"),) if where else ()), *backup.started()),
        "Put `set -o pipefail` before it, or dump to a file first" if pipe else _repair(step),
        (step.tool, "silent"),
        backup.symbol.component,
    )


def _repair(step: BackupStep) -> str:
    if "set -e" in step.silent:
        return "Begin the script with `set -euo pipefail`"
    return "Let the script exit with its error: `|| exit 1`"
