"""The address a component is given does not fit the server it names.

Each file is right alone: the server creates the user and the database it was told, the component asks for others, and
the first connection is refused.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app:${DB_PASSWORD}@db:5433/shop
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${DB_PASSWORD}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```python title="app.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app:${DB_PASSWORD}@db:5432/app
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${DB_PASSWORD}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```python title="app.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Repair

Write the user, password, database and port of the server into the address; take shared parts from one variable.

## References

- https://hub.docker.com/_/postgres (POSTGRES_USER defaults to postgres, POSTGRES_DB to the user)
- https://hub.docker.com/_/mysql
"""

from collections.abc import Iterator

from roadworthy.model.detail.server import ServerAsked
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.STORE, since="0.1", needs=frozenset({Kind.URL, Kind.ENVIRONMENT, Kind.HOST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the parts of each address with what the server it names is configured with."""
    seen: set[tuple[Span, str]] = set()
    for symbol in facts.details(Kind.URL, Action.REFERS, ServerAsked):
        asked = symbol.detail
        if isinstance(asked, ServerAsked) and (symbol.at, asked.part) in seen:
            # Several components are given one and the same address.
            continue
        if symbol.role is not FileRole.PROD or not isinstance(asked, ServerAsked):
            continue
        seen.add((symbol.at, asked.part))
        match asked.agrees:
            case True:
                yield Held(symbol.at)
            case None:
                yield Unknown(f"whether the {asked.part} in `{symbol.name}` fits: {asked.doubt}", symbol.at)
            case False:
                yield _finding(symbol, asked)


def _finding(url: Symbol, asked: ServerAsked) -> Finding:
    names = (str(url.name), asked.part)
    if asked.part == "password":
        return Finding(
            f"the password in `{url.name}` is not the one {asked.server} is given",
            url.at,
            (Related(asked.there_at, f"`{asked.there_name}` gives {asked.server} another password"),),
            "Take both from one variable",
            names,
            url.component,
        )
    return Finding(
        f"`{url.name}` asks {asked.server} for the {asked.part} `{asked.asked}`; there it is `{asked.there}`",
        url.at,
        (Related(asked.there_at, f"`{asked.there_name}` says `{asked.there}`"),),
        f"Write `{asked.there}` as the {asked.part} in `{url.name}`, or configure {asked.server} with `{asked.asked}`",
        names,
        url.component,
    )
