"""A variable is provided that nothing reads.

Whoever sets it believes that it works. As a rule it is a misspelled one: the service runs on with its default.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
LIMIT = int(os.environ.get("REQUEST_LIMIT", "100"))
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
      REQUESTS_LIMIT: "20"
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
LIMIT = int(os.environ.get("REQUEST_LIMIT", "100"))
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
      REQUEST_LIMIT: "20"
```

## Repair

Write the name that the code reads, or delete the line.
"""

from collections.abc import Iterator

from roadworthy.model.detail.environment import VariableUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))

_SAYS = {"env_file": "lists", "compose": "gives", "host": "gives", "document": "describes"}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every variable that deployments, env files and documents provide up among those that something reads."""
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, VariableUse):
        use = symbol.detail
        if not isinstance(use, VariableUse) or symbol.role in (FileRole.TEST, FileRole.VENDORED, FileRole.DEV):
            continue
        if use.by == "document" and not (use.state == "unused" and use.near):
            continue
        match use.state:
            case "used":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether anything reads `{symbol.name}`: {use.why}", symbol.at)
            case _:
                yield _finding(facts, symbol, use)


def _finding(facts: Facts, symbol: Symbol, use: VariableUse) -> Finding:
    near = f"; `{use.near}` is read" if use.near else ""
    component = facts.component(symbol.component)
    to = f" to {symbol.component}" if symbol.component else ""
    related = (Related(use.near_at, f"reads `{use.near}`"),) if use.near and use.near_at else ()
    if not related and component is not None:
        related = (Related(component.declared[0], f"{component.id} reads no `{symbol.name}`"),)
    return Finding(
        f"{symbol.at.path} {_SAYS.get(use.by, 'gives')} `{symbol.name}`{to}, which nothing reads{near}",
        symbol.at,
        related,
        f"Write `{use.near}`, or delete the line" if use.near else "Delete the line, or read the variable",
        (str(symbol.name),),
        symbol.component,
    )
