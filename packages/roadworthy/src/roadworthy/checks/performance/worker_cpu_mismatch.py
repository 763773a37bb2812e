"""A container starts many more workers than its share of the processor can run.

The workers take turns: each request takes as long as all of them together, the memory is spent several times, and probes
time out under load.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    command: gunicorn app.main:app --workers 8 --bind 0.0.0.0:8000
    deploy:
      resources:
        limits:
          cpus: "0.5"
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["gunicorn", "app.main:app"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    command: gunicorn app.main:app --workers 2 --bind 0.0.0.0:8000
    deploy:
      resources:
        limits:
          cpus: "1"
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["gunicorn", "app.main:app"]
```

## Repair

Start about as many workers as the container has processors, and add replicas instead of workers.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.limit import ProcessesRun
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.SERVICE, Kind.COMMAND}))

_CORES = re.compile(r"(\d+(?:\.\d+)?)(m?)")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the workers of each component with the processor time its containers are limited to."""
    workers = [
        (s, s.detail.count)
        for s in facts.details(Kind.SETTING, Action.DEFINES, ProcessesRun)
        if str(s.name) == "workers" and isinstance(s.detail, ProcessesRun) and s.role is FileRole.PROD
    ]
    if not workers:
        return
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.role is not FileRole.PROD:
            continue
        match = _CORES.fullmatch(workload.resources.cpu_limit)
        own = [(s, count) for s, count in workers if s.component == symbol.component and symbol.component]
        if match is None or not own or (workload.form in ("sidecar", "init")):
            continue
        cores = float(match[1]) / (1000 if match[2] else 1)
        said, count = max(own, key=lambda one: one[1])
        if count > 2 * cores + 1 and count >= 4 * cores:
            yield Finding(
                f"{symbol.component} starts {count} workers and may use {workload.resources.cpu_limit} of a processor",
                said.at,
                (Related(symbol.at, f"limits {symbol.name} to cpu {workload.resources.cpu_limit}"),),
                f"Start {max(1, round(2 * cores))} workers, or raise the limit",
                (str(count), workload.resources.cpu_limit),
                symbol.component,
            )
        else:
            yield Held(said.at)
