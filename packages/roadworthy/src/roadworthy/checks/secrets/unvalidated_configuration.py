"""A variable that is needed is asked for only when a request comes in.

The service starts without it, passes its probes, takes over the traffic, and fails at the first request that needs it:
the old version, which could answer, is gone by then.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()


@app.post("/pay")
def pay() -> str:
    return os.environ["PAYMENT_TOKEN"]
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
PAYMENT_TOKEN = os.environ["PAYMENT_TOKEN"]


@app.post("/pay")
def pay() -> str:
    return PAYMENT_TOKEN
```

## Repair

Read all settings once at the start, in one place, and refuse to start when one is missing.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look for needed variables that are read nowhere but in handlers."""
    reads: dict[str, list[tuple[Symbol, EnvironmentRead]]] = defaultdict(list)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead):
        read = symbol.detail
        if (
            isinstance(read, EnvironmentRead)
            and isinstance(symbol.name, Exact)
            and symbol.role is FileRole.PROD
            and (symbol.phase == "run" and (symbol.component or not facts.components) and not _aside(symbol.at.path))
        ):
            reads[symbol.name.text].append((symbol, read))
    for name, found in sorted(reads.items()):
        late = [(symbol, read) for symbol, read in found if read.late]
        early = [symbol for symbol, read in found if not read.late and read.required is not None]
        if not late or early:
            yield from (Held(symbol.at) for symbol in (early or [found[0][0]])[:1])
            continue
        (symbol, read), *others = late
        yield Finding(
            f"`{name}` is needed, and asked for only in `{read.late}`, when a request or a task comes in",
            symbol.at,
            tuple(Related(other.at, f"and in `{how.late}`") for other, how in others[:3]),
            f"Read `{name}` when the service starts",
            (name, read.late),
            symbol.component,
        )


def _aside(path: str) -> bool:
    return bool({"load", "bench", "benchmarks", "scripts", "tools", "locust"} & set(path.lower().split("/")[:-1]))
