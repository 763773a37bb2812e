"""The pod is killed before it has finished draining.

Kubernetes counts the grace period from the moment it decides to stop the pod: the preStop hook is part of it. What is
left may not suffice for the requests that are still being served, and they are cut.

## Fails

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      terminationGracePeriodSeconds: 30
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
          command: ["uvicorn", "app:app", "--timeout-graceful-shutdown", "30"]
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "10"]
```

## Passes

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      terminationGracePeriodSeconds: 45
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
          command: ["uvicorn", "app:app", "--timeout-graceful-shutdown", "30"]
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "10"]
```

## Repair

Set the grace period to more than the preStop delay and the server's own shutdown timeout together.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.stopping import Drained
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE, Kind.COMMAND}))

_DRAIN = re.compile(r"--(?:timeout-graceful-shutdown|graceful-timeout)[ =](\d+)\b")
_WORKER = re.compile(r"\bcelery\b.*\bworker\b")
_DEFAULTS = {"kubernetes": 30, "compose": 10}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Add up, for each workload, what stopping takes, and compare it with what it is given."""
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.role is not FileRole.PROD or workload.one_shot:
            continue
        if workload.artifact not in _DEFAULTS:
            continue
        delay, drain = workload.stop_delay_seconds or 0, _drain(facts, symbol, workload)
        if not delay and drain is None:
            continue
        grace = workload.grace_seconds if workload.grace_seconds is not None else _DEFAULTS[workload.artifact]
        needed = delay + (drain[0] if drain else 0)
        opening = next(iter(facts.openings(Kind.SERVICE, symbol.component)), None)
        if needed < grace or (drain and not delay and needed == grace):
            yield Held(symbol.at)
        elif opening is not None:
            yield Unknown(f"how long {symbol.name} may take to stop: {opening.reason}", opening.at)
        else:
            parts = ([f"{delay} s before the signal"] if delay else []) + (
                [f"{drain[0]} s of draining"] if drain else []
            )
            yield Finding(
                f"{symbol.name} is killed {grace} s after it is told to stop, and needs {' and '.join(parts)}",
                symbol.at,
                (Related(drain[1].at, f"{_says(drain[1])} {drain[0]} s"),) if drain else (),
                f"Set the grace period to {needed + 5} s",
                (str(symbol.name),),
                symbol.component,
            )


def _says(symbol: Symbol) -> str:
    detail = symbol.detail
    if isinstance(detail, Drained):
        return {"celery": "a task may take", "node": "it stops by force after"}.get(detail.by, "the server drains for")
    return "the server drains for"


def _drain(facts: Facts, workload: Symbol, said: Workload) -> tuple[int, Symbol] | None:
    """Return how long a workload goes on with what it has begun, as its start command or what that runs says."""
    starts: list[str] = []
    for symbol in facts.references(Kind.COMMAND, workload.component):
        use = symbol.detail
        if symbol.component != workload.component or not isinstance(use, CommandUse):
            continue
        if use.purpose in ("command", "entrypoint"):
            text = " ".join(use.words)
            if match := _DRAIN.search(text):
                return int(match[1]), symbol
            starts.append(text)
    component = facts.component(workload.component)
    for symbol in facts.details(Kind.SETTING, Action.DEFINES, Drained):
        drained = symbol.detail
        if not isinstance(drained, Drained) or symbol.role is not FileRole.PROD or component is None:
            continue
        match drained.by:
            case "gunicorn":
                mine = any(re.search(r"\bgunicorn\b", t) and _names(t, symbol.at.path) for t in starts)
            case "celery":
                # Nobody is told how long a task takes who leaves the grace period at what it is.
                mine = said.grace_seconds is not None and any(_WORKER.search(t) for t in starts)
            case _:
                mine = symbol.component == workload.component and component.kind is ComponentKind.SERVICE
        if mine and (drained.stated or said.grace_seconds is not None):
            return drained.seconds, symbol
    return None


def _names(text: str, path: str) -> bool:
    """Tell whether a start command names a file, or leaves it to gunicorn to find."""
    name = path.rpartition("/")[2]
    module = path.removesuffix(".py").replace("/", ".")
    named = re.search(r"(?:-c|--config)[ =](?:file:|python:)?(\S+)", text)
    if named is None:
        return name == "gunicorn.conf.py"
    return named[1].rpartition("/")[2] == name or module.endswith(named[1])
