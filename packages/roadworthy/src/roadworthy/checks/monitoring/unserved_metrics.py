"""Code counts, Prometheus asks, and nothing serves the numbers.

Metrics live in the memory of the process until a route or a server of their own gives them out: without one every scrape is
answered by 404, and every alert on them is blind.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```python title="main.py"
from fastapi import FastAPI
from prometheus_client import Counter

ORDERS = Counter("orders_total", "Orders taken.")

app = FastAPI()


@app.post("/orders")
def take_order() -> None:
    ORDERS.inc()
```

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
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

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

## Repair

Serve them: `app.mount("/metrics", make_asgi_app())`, the instrumentator's `expose(app)`, `start_http_server` in a worker,
`register.metrics()` in a route of Express.

## References

- https://prometheus.github.io/client_python/exporting/
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.detail.prometheus import ScrapeReach, ScrapeTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC, Kind.JOB, Kind.PATH}))

_GIVES_OUT = (
    "generate_latest",
    "make_asgi_app",
    "make_wsgi_app",
    "start_http_server",
    "start_wsgi_server",
    "MetricsHandler",
    "Registry.metrics",
)
_GIVES_ELSEWHERE = (
    "push_to_gateway",
    "pushadd_to_gateway",
    "write_to_textfile",
    "instance_ip_grouping_key",
    "GraphiteBridge",
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a route of metrics in every service of ours that declares some."""
    for component in facts.components:
        if component.kind is not ComponentKind.SERVICE or not component.ours or component.role is not FileRole.PROD:
            continue
        declared = [
            s
            for s in facts.definitions(Kind.METRIC, component.id)
            if isinstance(s.detail, MetricDefinition)
            and s.detail.source not in ("recording rule", "Prometheus", "prometheus_client")
            and s.role is FileRole.PROD
            and s.component in ("", component.id)
            and _of(component, s)
        ]
        if declared:
            yield _served(facts, component, declared[0])


def _of(component: Component, symbol: Symbol) -> bool:
    """Tell whether a metric is declared in the code of a component."""
    if symbol.component == component.id:
        return True
    return any(not folder or symbol.at.path.startswith(folder + "/") for folder in component.sources)


def _served(facts: Facts, component: Component, declared: Symbol) -> Finding | Unknown | Held:
    routes = [s for s in facts.definitions(Kind.PATH, component.id) if "metrics" in str(s.name)]
    if routes:
        return Held(routes[0].at)
    given = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.REFERS, FrameworkUse)
        if str(s.name).endswith((*_GIVES_OUT, *_GIVES_ELSEWHERE)) and s.role is FileRole.PROD
    ]
    asked = _asked(facts, component)
    path = asked.detail.path if asked is not None and isinstance(asked.detail, ScrapeTarget) else "/metrics"
    at = asked.at if asked is not None else declared.at
    match facts.resolve(Symbol(Kind.PATH, Action.REFERS, Exact(path or "/metrics"), at, component.id)):
        case CannotTell(opening):
            return Unknown(f"whether `{component.id}` serves its metrics: {opening.reason}", opening.at)
        case Missing() if given:
            return Unknown(f"at which address `{component.id}` gives out its metrics", given[0].at)
        case Missing():
            sides = () if asked is None else (Related(asked.at, f"the job `{asked.name}` asks for `{path}`"),)
            return Finding(
                f"`{component.id}` declares metrics, `{declared.name}` among them, and no code serves them",
                declared.at,
                (*sides, Related(component.declared[0], f"`{component.id}`, whose routes were read")),
                "Serve them at `/metrics`: `make_asgi_app()` of prometheus_client, or `expose(app)` of an instrumentator",
                (component.id,),
                component.id,
            )
    return Held(at)


def _asked(facts: Facts, component: Component) -> Symbol | None:
    """Return the scrape target that reaches a component."""
    reaching = {
        s.at
        for s in facts.references(Kind.JOB, component.id)
        if isinstance(s.detail, ScrapeReach) and s.component == component.id
    }
    return next((s for s in facts.definitions(Kind.JOB) if s.at in reaching), None)
