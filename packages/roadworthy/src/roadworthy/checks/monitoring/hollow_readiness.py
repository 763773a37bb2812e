"""Readiness is green although the service cannot work.

The platform sends users to every instance that says it is ready. A readiness probe that asks nothing sends them to
instances that can only fail.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI
from sqlalchemy import create_engine

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"])


@app.get("/health/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})


@app.get("/health/ready")
def ready() -> dict[str, str]:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ready"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Repair

Let readiness ask every dependency the service cannot work without, with a short bound, or read the result of a check
that runs in the background. Leave liveness alone: a restart mends no database.

## References

- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from roadworthy.model.detail.health import ProbeAnswered
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH, Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what answers the ready probe of each component that relies on a store."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProbeAnswered):
        answered = symbol.detail
        if not isinstance(answered, ProbeAnswered) or answered.kind != "ready" or answered.relies_at is None:
            continue
        if answered.what.by_pack:
            yield Unknown(f"which dependencies `{symbol.name}` asks: {answered.what.asks[0]} answer it", symbol.at)
        elif answered.what.asks:
            yield Held(symbol.at)
        elif not answered.what.constant:
            yield Unknown(f"whether what answers `{symbol.name}` asks what the service needs", symbol.at)
        else:
            sides = [Related(answered.relies_at, f"the service relies on the store of `{answered.relies_on}`")]
            if answered.asked_at is not None:
                sides.insert(0, Related(answered.asked_at, f"the ready probe asks `{symbol.name}`"))
            yield Finding(
                f"`{symbol.name}` answers that the service is ready without asking anything",
                symbol.at,
                tuple(sides),
                "Ask the store, with a short bound, and answer 503 when it does not answer",
                (str(symbol.name),),
                symbol.component,
            )
