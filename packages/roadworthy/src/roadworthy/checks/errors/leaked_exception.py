"""What went wrong inside is told to the caller.

The text of an exception names tables, hosts, paths and sometimes credentials: a map for attackers, and useless to users.

## Fails

```python title="app/main.py"
from fastapi import FastAPI, HTTPException

from app.store import load

app = FastAPI()


@app.get("/items")
def items() -> list[str]:
    try:
        return load()
    except Exception as problem:
        raise HTTPException(500, detail=str(problem))
```

## Passes

```python title="app/main.py"
import logging

from fastapi import FastAPI, HTTPException

from app.store import load

app = FastAPI()


@app.get("/items")
def items() -> list[str]:
    try:
        return load()
    except Exception:
        logging.exception("items cannot be read")
        raise HTTPException(500, detail="items cannot be read")
```

## Repair

Log the exception and answer with a sentence of your own and a correlation id.
"""

from collections.abc import Iterator

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what callers are told of broad exceptions."""
    return judged(facts, "leak", repair="Log it, and answer with a sentence of your own")
