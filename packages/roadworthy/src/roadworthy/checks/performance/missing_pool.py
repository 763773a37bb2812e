"""Every request opens a connection of its own.

Opening one costs the database a process and the request a few round trips; under load the database refuses the next.

## Fails

```python title="app/orders.py"
import psycopg
from fastapi import APIRouter

router = APIRouter()


@router.get("/orders/count")
def count() -> int:
    with psycopg.connect("dbname=orders") as connection:
        return connection.execute("SELECT count(*) FROM orders").fetchone()[0]
```

## Passes

```python title="app/orders.py"
from fastapi import APIRouter
from psycopg_pool import ConnectionPool

router = APIRouter()
pool = ConnectionPool("dbname=orders", max_size=5)


@router.get("/orders/count")
def count() -> int:
    with pool.connection() as connection:
        return connection.execute("SELECT count(*) FROM orders").fetchone()[0]
```

## Repair

Keep a pool of connections for the process, bounded so that all processes together stay below the server's maximum.
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
    return reported(facts, "missing-pool", repair="Keep a bounded pool of connections for the process")
