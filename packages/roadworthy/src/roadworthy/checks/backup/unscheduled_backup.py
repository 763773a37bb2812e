"""A backup is written down, and nothing runs it.

The script is there and works; the night job that should call it is not, is suspended, or calls another name.

## Fails

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```text title="deploy/crontab"
0 3 * * * /srv/scripts/bakup.sh
```

## Passes

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```text title="deploy/crontab"
0 3 * * * /srv/scripts/backup.sh
```

## Repair

Let a CronJob, a crontab, a timer or a scheduled workflow run it, by the name and path it really has.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.backups import Script, backups
from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.schedule import Scheduled
from roadworthy.model.detail.volume import DataKept
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.COMMAND}))

_TIMED = frozenset({"cronjob", "crontab", "systemd", "workflow", "compose", "process"})
_STARTS = frozenset({"job", "command"})
_MADE_BY = frozenset({"pipeline", "make"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, for each script that makes backups, for what runs it at set times."""
    every = [backup for backup in backups(facts) if backup.steps.form not in _MADE_BY or backup.active]
    running = [backup for backup in every if any(run.by in _TIMED for _, run in backup.active)]
    for backup in running:
        yield Held(backup.active[0][0].at)
    others = [s for s in facts.details(Kind.JOB, Action.DEFINES, BackupMade) if _by_itself(s)]
    for symbol in others:
        yield Held(symbol.at)
    if running or others:
        return
    for backup in every:
        if "backup" in backup.symbol.at.path.lower() or "dump" in backup.name.lower() or backup.steps.form == "inline":
            yield from _idle(facts, backup)


def _by_itself(symbol: Symbol) -> bool:
    """Tell whether an operator or an image made for it makes the backup."""
    made = symbol.detail
    if symbol.role is not FileRole.PROD or not isinstance(made, BackupMade):
        return False
    return "backup" in str(symbol.name) or (made.runs and "." in made.tool)


def _idle(facts: Facts, backup: Script) -> Iterator[Finding | Unknown]:
    stopped = [(symbol, run) for symbol, run in backup.runs if run.why and run.by in _TIMED and run.by != "compose"]
    stopped = [(s, r) for s, r in stopped if r.by != "workflow" or "backup" in s.at.path.lower()]
    if stopped:
        symbol, run = stopped[0]
        yield Finding(
            f"nothing runs {backup.name}: {run.why}",
            symbol.at,
            (Related(backup.dumps[0].at, "the backup it would make"),) if symbol.at != backup.dumps[0].at else (),
            "Give it a schedule that comes, and do not suspend it",
            (backup.name, "schedule"),
            run.component,
        )
        return
    near = _nearly(facts, backup)
    if near is not None:
        symbol, name = near
        yield Finding(
            f"nothing runs {backup.name}: the schedule calls `{name}`",
            symbol.at,
            (Related(backup.dumps[0].at, f"the script is called {backup.name}"),),
            f"Call {backup.name} by the name and path it has",
            (backup.name, name),
            symbol.component,
        )
        return
    by_hand = next(((s, r) for s, r in backup.runs if r.by in ("compose", "document", "make", "job")), None)
    cluster = next((s for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload) if _is_cluster(s)), None)
    if by_hand is not None and cluster is not None and not facts.openings(Kind.JOB):
        yield Finding(
            f"nothing runs {backup.name} in the cluster: there is no CronJob for it",
            backup.dumps[0].at,
            (Related(by_hand[0].at, "run by hand only"), Related(cluster.at, "what is deployed to the cluster")),
            f"Add a CronJob that runs {backup.name}",
            (backup.name, "cluster"),
        )
        return
    if by_hand is not None:
        yield Unknown(f"whether anything runs {backup.name} at set times: {by_hand[1].why or 'by hand'}", by_hand[0].at)
        return
    kept = next((s for s in facts.details(Kind.VOLUME, Action.DEFINES, DataKept) if s.role is FileRole.PROD), None)
    if kept is None or facts.openings(Kind.JOB):
        yield Unknown(f"whether anything runs {backup.name}: the store is not deployed from here", backup.symbol.at)
        return
    yield Finding(
        f"nothing runs {backup.name}: no CronJob, crontab, timer or workflow calls it",
        backup.dumps[0].at,
        (Related(kept.at, f"the store it saves ({kept.name})"),),
        f"Let a CronJob, a crontab or a scheduled workflow run {backup.name}",
        (backup.name,),
    )


def _is_cluster(symbol: Symbol) -> bool:
    workload = symbol.detail
    return (
        isinstance(workload, Workload)
        and symbol.role is FileRole.PROD
        and workload.form in ("deployment", "statefulset")
    )


def _nearly(facts: Facts, backup: Script) -> tuple[Symbol, str] | None:
    """Return a scheduled command that names nearly this script."""
    for symbol in (*facts.references(Kind.JOB), *facts.references(Kind.COMMAND)):
        text = ""
        if isinstance(symbol.detail, Scheduled):
            text = symbol.detail.command
        elif isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in _STARTS:
            if symbol.detail.stage is not None:
                continue
            text = " ".join(symbol.detail.words)
        names = [word.rpartition("/")[2] for word in text[:2000].split() if word.endswith((".sh", ".py", ".bash"))]
        close = get_close_matches(backup.name, names, 1, 0.7)
        if close and close[0] != backup.name and symbol.role is FileRole.PROD:
            return symbol, close[0]
        other = next((name for name in names if name != backup.name), None)
        if other is not None and "backup" in text and backup.name not in names and symbol.role is FileRole.PROD:
            return symbol, other
    return None
