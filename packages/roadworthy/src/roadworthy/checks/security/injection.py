"""What a caller writes becomes part of a command.

A quote in a name ends the query, a semicolon ends the command, two dots leave the folder: the caller reads and writes
what the service can.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

from app.database import connection

app = FastAPI()


@app.get("/users")
def users(name: str) -> list[str]:
    return connection.execute(f"SELECT id FROM users WHERE name = '{name}'").fetchall()
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI

from app.database import connection

app = FastAPI()


@app.get("/users")
def users(name: str) -> list[str]:
    return connection.execute("SELECT id FROM users WHERE name = %s", (name,)).fetchall()
```

## Repair

Hand values to the database as parameters, arguments to programs as a list, and compare resolved paths with their folder.
"""

from collections.abc import Iterator

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.DANGEROUS, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what becomes of what callers write, within one function."""
    return judged(facts, "injection", repair="Hand it over as a parameter, never as part of the text")
