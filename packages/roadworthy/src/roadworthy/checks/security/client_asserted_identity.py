"""The caller says who he is, and is believed.

Anybody can write a header. A service that takes the user or the role from it serves everybody as anybody.

## Fails

```python title="app/main.py"
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/orders")
def orders(x_user_id: str = Header()) -> dict[str, str]:
    return {"user": x_user_id}
```

## Passes

```python title="app/main.py"
from fastapi import Depends, FastAPI

from app.tokens import current_user

app = FastAPI()


@app.get("/orders")
def orders(user: str = Depends(current_user)) -> dict[str, str]:
    return {"user": user}
```

## Repair

Take the identity from a signed token or a session that the service itself examines.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at where code takes the identity of the caller from."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "identity" or symbol.role is not FileRole.PROD:
            continue
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Take the identity from a token that is examined",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
