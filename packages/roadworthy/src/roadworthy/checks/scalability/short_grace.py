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

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE, Kind.COMMAND}))

_DRAIN = re.compile(r"--(?:timeout-graceful-shutdown|graceful-timeout)[ =](\d+)\b")
_DEFAULTS = {"kubernetes": 30, "compose": 10}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Add up, for each workload, what stopping takes, and compare it with what it is given."""
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.role is not FileRole.PROD or workload.one_shot:
            continue
        if workload.artifact not in _DEFAULTS:
            continue
        delay, drain = workload.stop_delay_seconds or 0, _drain(facts, symbol)
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
                (Related(drain[1].at, f"the server drains for {drain[0]} s"),) if drain else (),
                f"Set the grace period to {needed + 5} s",
                (str(symbol.name),),
                symbol.component,
            )


def _drain(facts: Facts, workload: Symbol) -> tuple[int, Symbol] | None:
    """Return how long the server of a workload waits for its requests, as its start command says."""
    for symbol in facts.references(Kind.COMMAND, workload.component):
        use = symbol.detail
        if symbol.component != workload.component or not isinstance(use, CommandUse):
            continue
        if use.purpose in ("command", "entrypoint") and (match := _DRAIN.search(" ".join(use.words))):
            return int(match[1]), symbol
    return None
