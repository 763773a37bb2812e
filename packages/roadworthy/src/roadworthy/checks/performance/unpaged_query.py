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

from roadworthy.model.constructs import reported
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.ADVISORY, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each place that does."""
    return reported(facts, "unpaged-query", repair="Bound the number of rows with a limit, and page through them")
