"""The health handler raises where it means to answer.

When the dependency fails, the probe gets a crash instead of an answer: no word of which part failed, a stack trace for
every probe, and one more 5xx in the error rate that pages somebody. Where nothing catches the exception of an
asynchronous handler, the probe waits until it gives up.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

from app.database import ping

app = FastAPI()


@app.get("/ready")
async def ready() -> dict[str, str]:
    await ping()
    return {"status": "ready"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
HEALTHCHECK CMD curl -fsS http://localhost:8000/ready
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI, Response

from app.database import ping

app = FastAPI()


@app.get("/ready")
async def ready(response: Response) -> dict[str, str]:
    try:
        await ping()
    except OSError:
        response.status_code = 503
        return {"status": "unready", "database": "down"}
    return {"status": "ready"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
HEALTHCHECK CMD curl -fsS http://localhost:8000/ready
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Repair

Catch what the question can raise, and answer 503 with the name of what failed. Bound how long it may take.
"""

from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.health import ProbeAnswered
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.PROBES, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at each function that answers a probe for a question whose failure nothing catches."""
    handlers = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct)
        if isinstance(s.detail, Construct) and s.detail.kind == "exception-handler"
    ]
    # A live probe that asks a dependency at all is the matter of another rule.
    told: set[Span] = {
        s.at
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProbeAnswered)
        if isinstance(s.detail, ProbeAnswered) and s.detail.kind == "live" and s.detail.what.throws_at is not None
    }
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProbeAnswered):
        probe = symbol.detail
        if not isinstance(probe, ProbeAnswered) or not probe.handler or symbol.at in told:
            continue
        told.add(symbol.at)
        if probe.what.throws_at is None:
            yield Held(symbol.at)
            continue
        name = probe.handler.rpartition(":")[2]
        if handlers:
            yield Unknown(f"what becomes of a failure in `{name}`: `{handlers[0].name}` has a handler", handlers[0].at)
            continue
        asked = probe.what.asks[0] if probe.what.asks else "what it asks"
        related = [Related(probe.what.throws_at, f"`{asked}` raises when it fails")]
        related += [Related(probe.asked_at, f"the {probe.kind} probe asks it")] if probe.asked_at is not None else []
        yield Finding(
            f"`{name}` catches no failure of `{asked}`: the probe is answered by whatever becomes of an exception",
            symbol.at,
            tuple(related),
            "Catch the failure and answer 503 with the name of what failed",
            (name, asked),
            symbol.component,
        )
