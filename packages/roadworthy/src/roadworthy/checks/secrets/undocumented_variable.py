"""A variable that the service cannot do without is in no list of variables.

Whoever follows the list starts a service that stops at once, or that runs without what it needs, and learns the name from
a stack trace.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
DATABASE_URL = os.environ["DATABASE_URL"]
TOKEN = os.environ["PAYMENT_TOKEN"]
LIMIT = os.environ.get("REQUEST_LIMIT", "100")
```

```ini title=".env.example"
DATABASE_URL=postgresql://app@localhost/app
REQUEST_LIMIT=100
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
DATABASE_URL = os.environ["DATABASE_URL"]
TOKEN = os.environ["PAYMENT_TOKEN"]
LIMIT = os.environ.get("REQUEST_LIMIT", "100")
```

```ini title=".env.example"
DATABASE_URL=postgresql://app@localhost/app
PAYMENT_TOKEN=
REQUEST_LIMIT=100
```

## Repair

Add the variable to `.env.example`, with a comment on where its value comes from.
"""

from collections.abc import Iterator

from roadworthy.model.detail.environment import VariableNeed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every variable that people must provide up in the lists the repository holds for them."""
    needed = 0
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, VariableNeed):
        need = symbol.detail
        if not isinstance(need, VariableNeed) or symbol.role is not FileRole.PROD:
            continue
        needed += 1
        if need.described is not None:
            yield Held(need.described)
        elif need.sheet is None:
            yield Unknown(f"who tells people about `{symbol.name}`: no list of variables was found", symbol.at)
        else:
            yield _finding(symbol, need)
    if not needed:
        yield from _described(facts)


def _described(facts: Facts) -> Iterator[Held]:
    """Where nothing is needed, the variables that are listed at all hold."""
    for symbol in facts.definitions(Kind.ENVIRONMENT):
        if symbol.phase == "file" and symbol.role is FileRole.EXAMPLE:
            yield Held(symbol.at)


def _finding(symbol: Symbol, need: VariableNeed) -> Finding:
    sheet = need.sheet or symbol.at
    near = f"; it has `{need.near}`" if need.near else ""
    related = [Related(sheet, "lists other variables")]
    if need.near_at is not None:
        related.insert(0, Related(need.near_at, f"lists `{need.near}`"))
    return Finding(
        f"{need.by} needs `{symbol.name}`, which {sheet.path} does not list{near}",
        symbol.at,
        tuple(related),
        f"Write `{symbol.name}` instead of `{need.near}` in {sheet.path}"
        if need.near
        else f"Add `{symbol.name}` to {sheet.path}",
        (str(symbol.name),),
        symbol.component,
    )
