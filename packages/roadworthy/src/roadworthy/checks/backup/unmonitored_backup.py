"""Nobody would notice that backups have stopped.

A job that no longer runs fails in silence. Only something that misses it can tell: an alert on the age of the last good
backup, or a dead man's switch.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

```text title="crontab"
0 3 * * * /srv/scripts/backup.sh
```

```yaml title="prometheus/rules.yml"
groups:
  - name: orders
    rules:
      - alert: OrdersDown
        expr: up{job="orders"} == 0
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
curl -fsS --retry 3 "$HEALTHCHECK_URL"
```

```text title="crontab"
0 3 * * * /srv/scripts/backup.sh
```

```yaml title="prometheus/rules.yml"
groups:
  - name: orders
    rules:
      - alert: OrdersDown
        expr: up{job="orders"} == 0
```

## Repair

Let the backup record when it last succeeded, and alert when that is older than one and a half intervals; or let it ping a
dead man's switch as its last step.
"""

import re
from collections.abc import Iterator

from roadworthy.model.backups import Script, backups
from roadworthy.model.detail.alert import AlertRule
from roadworthy.model.detail.metric import MetricUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.METRIC}), effort=Effort.HOURS)

_ABOUT = re.compile(r"back_?up|dump|restic|velero|borg|barman|pgbackrest|wal[_-]?g|snapshot|litestream", re.IGNORECASE)
_JOBS = re.compile(r"kube_(?:cron)?job_")
_JOB_LABELS = frozenset({"cronjob", "job_name", "job", "exported_job"})
_PUSHED = re.compile(r"/metrics/job/([\w.-]+)")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for an alert about backups, or a ping, and compare the names with those of the jobs."""
    made = [backup for backup in backups(facts) if backup.active]
    if not made:
        return
    alerts = [s for s in facts.references(Kind.SEVERITY) if isinstance(s.detail, AlertRule) and s.role is FileRole.PROD]
    uses = [
        s
        for s in facts.details(Kind.METRIC, Action.REFERS, MetricUse)
        if s.role is FileRole.PROD and isinstance(s.detail, MetricUse) and s.detail.purpose == "alert"
    ]
    about = [s for s in uses if _is_about(s)]
    for backup in made:
        yield from _backup(facts, backup, about, uses, alerts)


def _is_about(symbol: Symbol) -> bool:
    use = symbol.detail
    if not isinstance(use, MetricUse):
        return False
    values = " ".join(matcher.value for matcher in use.matchers)
    return _ABOUT.search(f"{symbol.name} {use.user} {values}") is not None


def _backup(
    facts: Facts, backup: Script, about: list[Symbol], uses: list[Symbol], alerts: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    for use in about:
        wrong = _other_job(facts, backup, use)
        if wrong is not None:
            yield wrong
            return
    if about:
        yield Held(about[0].at)
        return
    told = backup.does("notify")
    pushes = told is not None and _PUSHED.search(told.text) is not None
    watching = next((use for use in uses if _watches_jobs(facts, backup, use)), None)
    if told is not None and not pushes:
        yield Held(told.at)
    elif any(run.by == "workflow" for _, run in backup.active):
        yield Held(backup.active[0][0].at)
    elif watching is not None:
        yield Held(watching.at)
    elif not alerts:
        yield Unknown(
            f"whether anybody hears that {backup.name} stopped: no alert is in the repository", backup.symbol.at
        )
    else:
        pushed = [Related(told.at, "it pushes a metric, which no alert watches")] if told is not None else []
        yield Finding(
            f"no alert and no ping would tell that {backup.name} has stopped",
            backup.dumps[0].at,
            (*pushed, Related(alerts[0].at, "the alerts are here"), *backup.started()),
            "Alert on the age of the last good backup, or ping a dead man's switch at the end of the script",
            (backup.name, "alert"),
            backup.symbol.component,
        )


def _watches_jobs(facts: Facts, backup: Script, use: Symbol) -> bool:
    """Tell whether an alert watches the jobs of the cluster, all of them or the one that makes the backup."""
    detail = use.detail
    if not isinstance(detail, MetricUse) or not _JOBS.search(str(use.name)):
        return False
    mine = {run.component for _, run in backup.active}
    names = [
        str(s.name) for s in facts.definitions(Kind.SERVICE) if isinstance(s.detail, Workload) and s.component in mine
    ]
    chosen = [
        m for m in detail.matchers if m.label in ("cronjob", "job_name") and m.operator in ("=", "=~") and m.value
    ]
    return all(any(_chooses(m.operator, m.value, name, m.label) for name in names) for m in chosen)


def _other_job(facts: Facts, backup: Script, use: Symbol) -> Finding | None:
    """Return what is wrong where an alert names another job than the one that makes the backup."""
    detail = use.detail
    if not isinstance(detail, MetricUse):
        return None
    jobs = [
        s
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if isinstance(s.detail, Workload) and s.detail.form == "cronjob" and s.role is FileRole.PROD
    ]
    pushed = [(m[1], step) for step in backup.whole if step.act == "notify" and (m := _PUSHED.search(step.text))]
    for matcher in detail.matchers:
        if matcher.label not in _JOB_LABELS or matcher.operator not in ("=", "=~") or not matcher.value:
            continue
        if _JOBS.match(str(use.name)) and matcher.label in ("cronjob", "job_name") and jobs:
            if not any(_chooses(matcher.operator, matcher.value, str(s.name), matcher.label) for s in jobs):
                mine = next((s for s in jobs if s.component in {r.component for _, r in backup.active}), jobs[0])
                return _mismatch(use, detail, matcher.value, str(mine.name), mine, "the CronJob")
        elif pushed and matcher.label in ("job", "exported_job") and _ABOUT.search(str(use.name)):
            name, step = pushed[0]
            if not _chooses(matcher.operator, matcher.value, name, "cronjob"):
                at = Symbol(Kind.JOB, Action.DEFINES, use.name, step.at)
                return _mismatch(use, detail, matcher.value, name, at, "the backup pushes as")
    return None


def _chooses(operator: str, value: str, name: str, label: str) -> bool:
    names = [name] if label == "cronjob" else [f"{name}-28000000", f"{name}-28000000-abcde"]
    if operator == "=":
        return value == name
    try:
        return any(re.fullmatch(value[:200], one) for one in (*names, name))
    except (re.error, RecursionError):
        return True


def _mismatch(use: Symbol, detail: MetricUse, value: str, name: str, other: Symbol, what: str) -> Finding:
    return Finding(
        f"the alert {detail.user} watches the job `{value}`; the one that makes the backup is `{name}`",
        use.at,
        (Related(other.at, f"{what} `{name}`"),),
        f"Let the alert watch `{name}`",
        (value, name),
    )
