"""A handler asks the database once for each thing it goes over.

Ten rows are ten round trips, a thousand rows a thousand: the answer gets slower as the data grows, and the pool of
connections is held all the while.

## Fails

```python title="app/orders.py"
from fastapi import APIRouter
from sqlalchemy import select

from app.models import Customer

router = APIRouter()


@router.get("/orders")
async def orders(session, ids: list[int]):
    found = []
    for number in ids:
        found.append(await session.scalar(select(Customer).where(Customer.id == number)))
    return found
```

## Passes

```python title="app/orders.py"
from fastapi import APIRouter
from sqlalchemy import select

from app.models import Customer

router = APIRouter()


@router.get("/orders")
async def orders(session, ids: list[int]):
    return list(await session.scalars(select(Customer).where(Customer.id.in_(ids))))
```

## Repair

Ask for all of them at once: `IN`, a join, `selectinload`, `select_related`, `include`.
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
    return reported(facts, "looped-query", repair="Ask for all of them in one query")
