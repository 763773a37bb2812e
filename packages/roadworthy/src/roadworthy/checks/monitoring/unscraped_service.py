"""A service exports metrics, and Prometheus never asks for them.

Its dashboards are empty and its alerts silent from the first day, while everything in the code looks measured.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
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
```

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
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
```

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

## Repair

Add a scrape job for the service, or a ServiceMonitor or PodMonitor whose labels select it.

## References

- https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.detail.prometheus import PrometheusConfiguration, ScrapeReach, ScrapeTarget
from roadworthy.model.detail.workload import HostName
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC, Kind.JOB, Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a scrape job that reaches each service of ours that serves metrics."""
    jobs = [
        s
        for s in facts.definitions(Kind.JOB)
        if isinstance(s.detail, ScrapeTarget) and s.role is FileRole.PROD and s.detail.form != "annotation"
    ]
    written = any(
        isinstance(s.detail, PrometheusConfiguration) and s.role is FileRole.PROD
        for s in facts.definitions(Kind.CONSTRUCT)
    )
    beside = {
        s.detail.component
        for s in facts.definitions(Kind.HOST)
        if isinstance(s.detail, HostName) and s.detail.by == "compose service" and s.role is FileRole.PROD
    }
    asked = {
        s.component: s
        for s in facts.references(Kind.JOB)
        if isinstance(s.detail, ScrapeReach)
        and s.component
        # The Prometheus configured here does not see what only asks for it in a cluster.
        and (s.detail.through != "pod" or not written or s.component not in beside)
    }
    for component in facts.components:
        serving = component.kind is ComponentKind.SERVICE and component.ours and component.role is FileRole.PROD
        served = _served(facts, component) if serving else None
        if served is None:
            continue
        if component.id in asked:
            yield Held(asked[component.id].at)
            continue
        opening = next(iter(facts.openings(Kind.JOB)), None)
        if not jobs or opening is not None:
            why = opening.reason if opening else "no scrape configuration is in this repository"
            yield Unknown(f"whether Prometheus scrapes `{component.id}`: {why}", opening.at if opening else served.at)
            continue
        listed = ", ".join(dict.fromkeys(f"`{job.name}`" for job in jobs))
        yield Finding(
            f"`{component.id}` serves metrics at `{served.name}`, and no scrape job reaches it (jobs: {listed})",
            served.at,
            (
                Related(jobs[0].at, f"the configuration scrapes {listed}"),
                Related(component.declared[0], f"`{component.id}`"),
            ),
            f"Add a scrape job for `{component.id}`",
            (component.id,),
            component.id,
        )


def _served(facts: Facts, component: Component) -> Symbol | None:
    """Return the route of a component's metrics where it also exports some."""
    exported = any(
        isinstance(s.detail, MetricDefinition) and s.detail.source not in ("recording rule", "Prometheus")
        for s in facts.definitions(Kind.METRIC)
        if s.role is FileRole.PROD and (s.component in ("", component.id) or _of(component, s))
    )
    routes = [
        s
        for s in facts.definitions(Kind.PATH, component.id)
        if s.role is FileRole.PROD and "metrics" in str(s.name).rstrip("/").rpartition("/")[2]
    ]
    return routes[0] if exported and routes else None


def _of(component: Component, symbol: Symbol) -> bool:
    """Tell whether something stands in the code of a component, which others may run as well."""
    return any(not folder or symbol.at.path.startswith(folder + "/") for folder in component.sources)
