"""A component needs a variable that no deployment gives it.

It works on the machine of whoever has it in a local `.env`, and fails at start, or at first use, everywhere else.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
TOKEN = os.environ["PAYMENT_TOKEN"]
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      LOG_LEVEL: info
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
TOKEN = os.environ["PAYMENT_TOKEN"]
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      LOG_LEVEL: info
      PAYMENT_TOKEN: ${PAYMENT_TOKEN:?}
```

## Repair

Give the variable to the component in its deployment (a Secret where it is one), and add it to `.env.example`.
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol, Unreadable
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT, Kind.SERVICE}))

_RUN = (ComponentKind.SERVICE, ComponentKind.WORKER)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the variables the code of each component requires with those its deployments give it."""
    for component in facts.components:
        if component.ours and component.role is FileRole.PROD and component.kind in _RUN:
            yield from _component(facts, component)


def _component(facts: Facts, component: Component) -> Iterator[Finding | Unknown | Held]:
    deployed = [
        symbol
        for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if symbol.component == component.id and symbol.role is FileRole.PROD
    ]
    for read in facts.references(Kind.ENVIRONMENT, component.id):
        if read.role is not FileRole.PROD or not isinstance(read.detail, EnvironmentRead) or read.phase != "run":
            continue
        if read.detail.required is False or isinstance(read.name, Unreadable) or str(read.name) in _BY_SYSTEM:
            continue
        if not deployed:
            yield Unknown(
                f"whether `{read.name}` is given: no deployment of {component.id} is in the repository", read.at
            )
            continue
        match facts.resolve(read):
            case Met():
                yield Held(read.at)
            case CannotTell(opening):
                yield Unknown(f"whether `{read.name}` is given to {component.id}: {opening.reason}", opening.at)
            case Missing(nearest):
                yield _missing(component, read, deployed, nearest)


def _missing(
    component: Component, read: Symbol, deployed: list[Symbol], nearest: tuple[Symbol, ...]
) -> Finding | Unknown:
    if not isinstance(read.detail, EnvironmentRead) or read.detail.required is None:
        return Unknown(f"whether the code can do without `{read.name}`, which nothing gives to {component.id}", read.at)
    near = f"; it is given `{nearest[0].name}`" if nearest else ""
    return Finding(
        f"{component.id} requires `{read.name}` ({read.detail.how}), and no deployment gives it{near}",
        read.at,
        (
            *(Related(s.at, f"declares {component.id} without `{read.name}`") for s in deployed),
            *(Related(s.at, f"gives `{s.name}`") for s in nearest[:1]),
        ),
        f"Add `{read.name}` to the environment of {component.id}",
        (str(read.name),),
        component.id,
    )


_BY_SYSTEM = {"HOME", "PATH", "HOSTNAME", "PWD", "USER", "LANG", "TZ", "SHELL", "TMPDIR", "TERM"}
