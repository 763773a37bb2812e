"""The pools of all processes together ask for more connections than the database gives out.

It works until all replicas are busy at once; then the database refuses connections, and the requests that fail are those
of the busiest minute.

## Fails

```python title="app/database.py"
from sqlalchemy import create_engine

engine = create_engine("postgresql://db/app", pool_size=20, max_overflow=10)
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

## Passes

```python title="app/database.py"
from sqlalchemy import create_engine

engine = create_engine("postgresql://db/app", pool_size=10, max_overflow=5)
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

## Repair

Make the pools smaller (pool × workers × the largest number of replicas must fit), raise `max_connections`, or put a
pooler such as PgBouncer in front of the database.
"""

from collections.abc import Iterator

from roadworthy.model.detail.pool import ConnectionsUsed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.STORE,
    since="0.1",
    needs=frozenset({Kind.CONSTRUCT, Kind.SETTING, Kind.SERVICE, Kind.COMMAND}),
)

_Used = tuple[Symbol, ConnectionsUsed]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Add up, for each database, the connections that its components may hold, and compare them with its maximum."""
    servers: dict[str, list[_Used]] = {}
    for symbol in facts.details(Kind.SETTING, Action.DEFINES, ConnectionsUsed):
        if isinstance(symbol.detail, ConnectionsUsed) and symbol.role is FileRole.PROD:
            servers.setdefault(str(symbol.name), []).append((symbol, symbol.detail))
    for server, used in sorted(servers.items()):
        unseen = [(s, u) for s, u in used if u.pool is None]
        asked = sum(u.pool * u.processes for _, u in used if u.pool is not None)
        if asked > used[0][1].allowed and len(unseen) < len(used):
            yield _finding(server, [(s, u) for s, u in used if u.pool is not None], asked)
        elif unseen:
            yield Unknown(f"how many connections {unseen[0][0].component} holds: {unseen[0][1].why}", unseen[0][0].at)
        else:
            yield Held(used[0][0].at)


def _finding(server: str, used: list[_Used], asked: int) -> Finding:
    symbol, first = max(used, key=lambda one: (one[1].pool or 0) * one[1].processes)
    parts = " and ".join(f"{s.component} {u.pool} × {u.processes}" for s, u in used)
    related = [Related(at, says) for _, u in used for says, at in u.sides]
    said = "is told to give out" if first.stated else "gives out by default"
    related.append(Related(first.allowed_at, f"{server} {said} {first.allowed} to ordinary users"))
    return Finding(
        f"the pools may ask {server} for {asked} connections ({parts}), and it gives out {first.allowed}",
        symbol.at,
        tuple(dict.fromkeys(related)),
        "Make the pools smaller, or raise `max_connections`",
        (server, str(symbol.name)),
        symbol.component,
    )
