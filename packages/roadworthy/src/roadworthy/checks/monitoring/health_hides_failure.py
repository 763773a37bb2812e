"""A health endpoint answers 200 although a part of the service failed.

Platforms and load balancers read the status, not the body: "unhealthy" with a 200 keeps the traffic coming.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})


@app.get("/health/ready")
def ready() -> dict[str, str]:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        return {"status": "unhealthy"}
    return {"status": "healthy"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})


@app.get("/health/ready")
def ready() -> JSONResponse:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        return JSONResponse({"status": "unhealthy"}, status_code=503)
    return JSONResponse({"status": "healthy"})
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Repair

Answer 503 when something the service cannot work without does not answer.

## References

- https://datatracker.ietf.org/doc/html/rfc9110#name-503-service-unavailable
"""

from collections.abc import Iterator

from roadworthy.model.detail.health import ProbeAnswered
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every function that answers a probe and asks a dependency: can its answer show a failure?"""
    seen = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProbeAnswered):
        answered = symbol.detail
        if not isinstance(answered, ProbeAnswered) or not answered.what.asks or (symbol.at, symbol.component) in seen:
            continue
        seen.add((symbol.at, symbol.component))
        if answered.what.hides_at is None:
            yield Held(symbol.at)
            continue
        sides = [Related(symbol.at, f"answers `{symbol.name}`")]
        if answered.asked_at is not None:
            sides.append(Related(answered.asked_at, f"the {answered.kind} probe asks `{symbol.name}`"))
        yield Finding(
            f"`{symbol.name}` answers 200 also when `{answered.what.asks[0]}` fails: the failure is caught, and no"
            " status shows it",
            answered.what.hides_at,
            tuple(sides),
            "Answer 503 when a part the service needs does not answer",
            (str(symbol.name),),
            symbol.component,
        )
