"""A handler returns all rows that there are.

It is fast with the first hundred rows and takes the service's memory with the first million; one caller is enough.

## Fails

```python title="app/orders.py"
from fastapi import APIRouter
from sqlalchemy import select

from app.models import Order

router = APIRouter()


@router.get("/orders")
async def orders(session):
    return (await session.scalars(select(Order).order_by(Order.id))).all()
```

## Passes

```python title="app/orders.py"
from fastapi import APIRouter
from sqlalchemy import select

from app.models import Order

router = APIRouter()


@router.get("/orders")
async def orders(session, after: int = 0):
    return (await session.scalars(select(Order).where(Order.id > after).order_by(Order.id).limit(100))).all()
```

## Repair

Bound the number of rows, and let callers ask for the next ones.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each place that does."""
    found = False
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        seen = symbol.detail
        if isinstance(seen, Construct) and seen.kind == "unpaged-query" and symbol.role is FileRole.PROD:
            found = True
            yield Finding(
                seen.says,
                symbol.at,
                (),
                "Bound the number of rows with a limit, and page through them",
                (str(symbol.name),),
                symbol.component,
            )
    if not found:
        read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
        if read is not None:
            yield Held(read.at)
