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
        if isinstance(seen, Construct) and seen.kind == "missing-pool" and symbol.role is FileRole.PROD:
            found = True
            yield Finding(
                seen.says,
                symbol.at,
                (),
                "Keep a bounded pool of connections for the process",
                (str(symbol.name),),
                symbol.component,
            )
    if not found:
        read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
        if read is not None:
            yield Held(read.at)
