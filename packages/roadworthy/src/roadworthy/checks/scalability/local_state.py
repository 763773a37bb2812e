"""Several processes serve, and each keeps for itself what all of them need.

The session was opened by one worker and the next request reaches the other: users are thrown out at random, uploads are
found half of the time.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()
sessions = {}


@app.post("/login")
def login(user: str) -> dict[str, str]:
    sessions[user] = "open"
    return {"user": user}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI
from redis import Redis

app = FastAPI()
store = Redis()


@app.post("/login")
def login(user: str) -> dict[str, str]:
    store.set(f"session:{user}", "open", ex=3600)
    return {"user": user}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

## Repair

Keep sessions in a shared store or in a signed cookie, and uploads in an object store or on a volume all replicas mount.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}), effort=Effort.DAYS)

_WORKERS = re.compile(r"(?:^|\s)(?:--workers|-w)[ =]?(\d+)\b")
_SERVERS = re.compile(r"\b(gunicorn|uvicorn|hypercorn|granian|fastapi)\b")
_SHARED = frozenset({"volume", "claim", "bind", "hostpath"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for state of users in the memory or on the disk of a component that runs more than once."""
    for component in facts.components:
        if component.kind is ComponentKind.SERVICE and component.ours and component.role is FileRole.PROD:
            yield from _component(facts, component)


def _component(facts: Facts, component: Component) -> Iterator[Finding | Unknown | Held]:
    if not any(s.component == component.id for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead)):
        return
    kept = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, StateKept)
        if s.component == component.id and s.role is FileRole.PROD
    ]
    if not kept:
        yield Held(component.declared[0])
        return
    replicas, workers = _replicas(facts, component), _workers(facts, component)
    for symbol in kept:
        state = symbol.detail
        if not isinstance(state, StateKept):
            continue
        several = [*replicas, *workers] if state.where == "memory" else replicas
        if not several:
            yield Held(symbol.at)
        elif state.where == "disk" and (shared := _shared(facts, component, state.folder)):
            yield Unknown(f"whether all replicas of {component.id} share the disk", shared[0].at)
        else:
            yield Finding(
                f"`{symbol.name}` keeps {state.what} "
                + ("in the memory of one process" if state.where == "memory" else "on the disk of one replica")
                + f", and {component.id} runs several",
                symbol.at,
                tuple(Related(s.at, says) for s, says in _said(several)),
                "Keep it in a store that all of them share",
                (str(symbol.name), state.where),
                component.id,
            )


def _said(several: list[tuple[Symbol, int]]) -> list[tuple[Symbol, str]]:
    return [(s, f"runs {number} of it" if number else "may run several of it") for s, number in several]


def _replicas(facts: Facts, component: Component) -> list[tuple[Symbol, int]]:
    found = [
        (s, s.detail.replicas)
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if s.component == component.id
        and s.role is FileRole.PROD
        and isinstance(s.detail, Workload)
        and (s.detail.replicas or 0) > 1
        and s.detail.form != "statefulset"
    ]
    scaled = [
        (s, s.detail.minimum or 0)
        for s in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen)
        if s.component == component.id
        and s.role is FileRole.PROD
        and isinstance(s.detail, WorkloadChosen)
        and s.detail.by == "HorizontalPodAutoscaler"
    ]
    return [(s, number or 0) for s, number in (*found, *scaled)]


def _workers(facts: Facts, component: Component) -> list[tuple[Symbol, int]]:
    found: list[tuple[Symbol, int]] = []
    for symbol in facts.references(Kind.COMMAND, component.id):
        use = symbol.detail
        if symbol.component != component.id or not isinstance(use, CommandUse) or symbol.role is not FileRole.PROD:
            continue
        text = " ".join(use.words)
        match = _WORKERS.search(text) if use.purpose in ("command", "entrypoint") and _SERVERS.search(text) else None
        if match and int(match[1]) > 1:
            found.append((symbol, int(match[1])))
    for symbol in facts.definitions(Kind.ENVIRONMENT, component.id):
        given = symbol.detail
        if symbol.component != component.id or not isinstance(given, EnvironmentGiven) or given.value is None:
            continue
        if str(symbol.name) == "WEB_CONCURRENCY" and given.value.isdecimal() and int(given.value) > 1:
            found.append((symbol, int(given.value)))
    return found


def _shared(facts: Facts, component: Component, folder: str) -> list[Symbol]:
    """Return the volumes that may hold a folder; all of them where it is not known."""
    return [
        s
        for s in facts.references(Kind.VOLUME, component.id)
        if s.component == component.id
        and s.role is FileRole.PROD
        and isinstance(s.detail, Mount)
        and s.detail.form in _SHARED
        and (not folder or f"{folder}/".startswith(s.detail.target.rstrip("/") + "/"))
    ]
