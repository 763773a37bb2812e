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

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what callers are told of broad exceptions."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "leak" or symbol.role is not FileRole.PROD:
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
                "Log it, and answer with a sentence of your own",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
