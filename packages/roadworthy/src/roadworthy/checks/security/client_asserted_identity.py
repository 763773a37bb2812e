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

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at where code takes the identity of the caller from."""
    return judged(facts, "identity", repair="Take the identity from a token that is examined")
