"""Every replica runs the same timer.

The nightly mail goes out three times, the same rows are billed twice. In development, with one process, all is well.

## Fails

```python title="app/main.py"
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

app = FastAPI()
scheduler = AsyncIOScheduler()


@app.on_event("startup")
async def start() -> None:
    scheduler.add_job(print, "cron", hour=3)
    scheduler.start()
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    deploy:
      replicas: 3
```

## Passes

```python title="app/main.py"
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

app = FastAPI()
scheduler = AsyncIOScheduler()


@app.on_event("startup")
async def start() -> None:
    scheduler.add_job(print, "cron", hour=3)
    scheduler.start()
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    deploy:
      replicas: 1
```

## Repair

Let something that runs once do it (a CronJob, a worker of its own, one celery beat), or take a lock that all share before
the work begins.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.scheduler import SchedulerStarted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.replicas import replicas, workers
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}), effort=Effort.HOURS)

_BEAT = re.compile(
    r"\bcelery\b.*(?:\sbeat\b|\s(?:-B|--beat)\b)|\b(?:rqscheduler|clockwork|supercronic|crond|cron -f)\b"
)
_KINDS = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for timers in components that run more than once."""
    for component in facts.components:
        if component.ours and component.role is FileRole.PROD and component.kind in _KINDS:
            yield from _component(facts, component)


def _component(facts: Facts, component: Component) -> Iterator[Finding | Unknown | Held]:
    started = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, SchedulerStarted)
        if s.component == component.id and s.role is FileRole.PROD
    ]
    beats = [s for s in facts.references(Kind.COMMAND, component.id) if s.component == component.id and _is_beat(s)]
    if not started and not beats:
        if component.kind is ComponentKind.SERVICE:
            yield Held(component.declared[0])
        return
    copies, processes = replicas(facts, component.id), workers(facts, component.id)
    for symbol in started:
        detail = symbol.detail
        several = [*copies, *processes]
        if not isinstance(detail, SchedulerStarted) or not several:
            yield Held(symbol.at)
        elif detail.guarded:
            yield Unknown(f"whether `{detail.guarded}` keeps the timer to one process", symbol.at)
        else:
            yield _finding(component, symbol, detail.library, several)
    for symbol in beats:
        if copies:
            yield _finding(component, symbol, "the command", copies)
        else:
            yield Held(symbol.at)


def _is_beat(symbol: Symbol) -> bool:
    use = symbol.detail
    if not isinstance(use, CommandUse) or use.purpose not in ("command", "entrypoint"):
        return False
    return symbol.role is FileRole.PROD and _BEAT.search(" ".join(use.words)) is not None


def _finding(component: Component, symbol: Symbol, library: str, several: list[tuple[Symbol, int]]) -> Finding:
    return Finding(
        f"`{symbol.name}` ({library}) starts a timer in every process of {component.id}, which runs several",
        symbol.at,
        tuple(Related(s.at, f"runs {number} of it" if number else "runs several of it") for s, number in several[:3]),
        "Let something that runs once do the work, or take a shared lock first",
        (str(symbol.name), library),
        component.id,
    )
