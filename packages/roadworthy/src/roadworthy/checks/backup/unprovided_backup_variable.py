"""A backup script needs a variable that the job running it does not give.

The script stops at its first line every night, or dumps with an empty address; in the shell of whoever wrote it, it works.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "${DATABASE_URL:?}" --file="$BACKUP_DIR/orders.dump"
```

```dockerfile title="Dockerfile"
FROM postgres:16
COPY scripts/backup.sh /opt/backup.sh
```

```yaml title="compose.yaml"
services:
  backup:
    build: .
    command: ["/opt/backup.sh"]
    environment:
      DATABASE_URL: postgresql://orders@db/orders
    volumes:
      - backups:/backups
volumes:
  backups:
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "${DATABASE_URL:?}" --file="$BACKUP_DIR/orders.dump"
```

```dockerfile title="Dockerfile"
FROM postgres:16
COPY scripts/backup.sh /opt/backup.sh
```

```yaml title="compose.yaml"
services:
  backup:
    build: .
    command: ["/opt/backup.sh"]
    environment:
      DATABASE_URL: postgresql://orders@db/orders
      BACKUP_DIR: /backups
    volumes:
      - backups:/backups
volumes:
  backups:
```

## Repair

Give the variable to the job, or a default in the script: `${BACKUP_DIR:-/backups}`.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.backups import Script, scripts
from roadworthy.model.detail.backup import BackupSteps, VariableNeeded
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentImported
from roadworthy.model.detail.schedule import BackupRun
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.ENVIRONMENT}))

_RUNNING = frozenset({"cronjob", "job", "compose", "process"})
_ACTS = frozenset({"dump", "restore", "verify", "upload"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what the scripts of backups and restores read with what those who run them give."""
    every = scripts(facts)
    named = {one.name: one for one in every}
    sources = {
        str(s.name).rpartition("/")[2]: s.detail
        for s in facts.details(Kind.JOB, Action.REFERS, BackupSteps)
        if isinstance(s.detail, BackupSteps)
    }
    for one in every:
        if not any(step.act in _ACTS for step in one.whole):
            continue
        if one.steps.form == "inline":
            yield Held(one.symbol.at)
            continue
        set_elsewhere = {name for called in one.steps.calls if called in sources for name in sources[called].sets}
        unseen = [called for called in one.steps.calls if called not in named and called not in sources]
        needed = [need for need in one.steps.reads if need.name not in set_elsewhere]
        seen: set[str] = set()
        if not needed:
            yield Held(one.symbol.at)
        for symbol, run in one.runs if needed else ():
            if run.component in seen:
                continue
            if run.by in _RUNNING and run.component:
                seen.add(run.component)
                yield from _component(facts, one, needed, symbol, run, unseen)
            elif run.by == "systemd" and run.gives is not None and run.active:
                yield from _unit(one, needed, symbol, run)


def _component(
    facts: Facts, one: Script, needed: list[VariableNeeded], symbol: Symbol, run: BackupRun, unseen: list[str]
) -> Iterator[Finding | Unknown | Held]:
    given = {
        str(s.name): s
        for s in facts.definitions(Kind.ENVIRONMENT, run.component)
        if s.component == run.component and isinstance(s.detail, EnvironmentGiven)
    }
    opening = next(iter(facts.openings(Kind.ENVIRONMENT, run.component)), None)
    for need in needed:
        if need.name in given:
            yield Held(need.at)
        elif opening is not None:
            yield Unknown(f"whether {run.component} gives `{need.name}`: {opening.reason}", opening.at)
        elif unseen:
            yield Unknown(f"whether {unseen[0]} sets `{need.name}`", need.at)
        else:
            yield _finding(facts, one, need, symbol, run, given)


def _finding(
    facts: Facts, one: Script, need: VariableNeeded, symbol: Symbol, run: BackupRun, given: dict[str, Symbol]
) -> Finding:
    close = get_close_matches(need.name, given, 1, 0.7)
    imported = next(
        (
            s
            for s in facts.references(Kind.ENVIRONMENT, run.component)
            if s.component == run.component and isinstance(s.detail, EnvironmentImported)
        ),
        None,
    )
    near = f"; it gives `{close[0]}`" if close else ""
    return Finding(
        f"{one.name} needs `{need.name}` ({need.how}), which {run.component} does not give{near}",
        need.at,
        (
            Related(symbol.at, f"{run.component} runs it"),
            *((Related(given[close[0]].at, f"gives `{close[0]}`"),) if close else ()),
            *((Related(imported.at, f"`{imported.name}` holds no `{need.name}`"),) if imported is not None else ()),
        ),
        f"Rename `{close[0]}` to `{need.name}`"
        if close
        else f"Add `{need.name}` to the environment of {run.component}",
        (need.name,),
        run.component,
    )


def _unit(one: Script, needed: list[VariableNeeded], symbol: Symbol, run: BackupRun) -> Iterator[Finding | Held]:
    for need in needed:
        if run.gives is not None and need.name in run.gives:
            yield Held(need.at)
        else:
            yield Finding(
                f"{one.name} needs `{need.name}` ({need.how}), which the systemd unit does not give",
                need.at,
                (Related(symbol.at, "the unit runs it"),),
                f"Add `Environment={need.name}=…` or an `EnvironmentFile=` to the unit",
                (need.name,),
            )
