"""The service exports no metric.

Nobody can tell how many requests fail, or how long they take, before users do.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI
from prometheus_client import Counter, make_asgi_app

ORDERS = Counter("orders_total", "Orders taken.")

app = FastAPI()
app.mount("/metrics", make_asgi_app())


@app.post("/orders")
def take_order() -> None:
    ORDERS.inc()
```

## Repair

Count requests, errors and durations, and serve them at `/metrics`: with `roadworthy_runtime`, `prometheus_client` or an
instrumentator of the framework.

## References

- https://prometheus.io/docs/practices/instrumentation/
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC}), presence=True)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for metrics that code of production or a library it uses exports."""
    own = frozenset(c.id for c in facts.components if c.ours)
    exported = [
        s
        for s in facts.definitions(Kind.METRIC)
        if s.role is FileRole.PROD
        and isinstance(s.detail, MetricDefinition)
        and s.detail.source not in ("recording rule", "Prometheus")
        and (not s.component or s.component in own)
        and not s.at.path.startswith("(")
    ]
    if exported:
        yield Held(exported[0].at)
        return
    openings = [o for o in facts.openings(Kind.METRIC) if o.covers is None and o.reason != _NOTHING]
    for service in facts.services[:1]:
        if not any(s.role is FileRole.PROD for s in facts.definitions(Kind.PATH, service.id)):
            # No route of its own was read: as a rule the code that serves it is not in this repository.
            openings += [o for o in facts.openings(Kind.PATH, service.id) if o.covers is None]
        if openings:
            yield Unknown(f"whether `{service.id}` exports metrics: {openings[0].reason}", openings[0].at)
        else:
            yield Finding(
                f"`{service.id}` exports no metric",
                service.declared[0],
                (),
                "Count requests, errors and durations, and serve them at `/metrics`",
                (service.id,),
                service.id,
            )


_NOTHING = "no code that was read declares a metric"
