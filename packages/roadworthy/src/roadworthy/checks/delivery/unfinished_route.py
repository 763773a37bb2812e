"""A route is published whose handler only says that it is not there yet.

It stands in the documentation of the interface, and every call of it is answered with 500.

## Fails

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()


@app.delete("/orders/{id}")
def cancel(id: int) -> dict[str, str]:
    raise NotImplementedError
```

## Passes

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()


@app.delete("/orders/{id}")
def cancel(id: int) -> dict[str, str]:
    return {"state": "cancelled"}
```

## Repair

Write the handler, or take the route away until it is written.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import Marker
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.PATH, Kind.CONSTRUCT}), effort=Effort.HOURS
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each handler that raises NotImplementedError; a route that is served otherwise holds."""
    unfinished: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Marker):
        found = symbol.detail
        if not isinstance(found, Marker) or not found.route or symbol.role is not FileRole.PROD:
            continue
        unfinished.add(symbol.at.path)
        yield Finding(
            f"The route handled by `{found.route}` only raises NotImplementedError",
            symbol.at,
            (),
            f"Write `{found.route}`, or take its route away",
            (found.route,),
        )
    for symbol in facts.details(Kind.PATH, Action.DEFINES, RouteServed):
        if symbol.role is FileRole.PROD and symbol.at.path not in unfinished:
            yield Held(symbol.at)
