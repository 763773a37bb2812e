"""Prometheus scrapes one address behind which several replicas stand.

Each scrape reaches another replica: counters jump up and down, rates are invented, and a dead replica is never noticed.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    deploy:
      replicas: 3
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "http.server", "8000"]
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
    deploy:
      replicas: 3
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "http.server", "8000"]
```

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: api
    dns_sd_configs:
      - names: ["tasks.api"]
        type: A
        port: 8000
```

## Repair

Let Prometheus find every replica: `kubernetes_sd_configs` with role `endpoints` or `pod`, a ServiceMonitor or PodMonitor,
or `dns_sd_configs` on the name that resolves to all of them (`tasks.NAME` in swarm, a headless Service).

## References

- https://prometheus.io/docs/prometheus/latest/configuration/configuration/#dns_sd_config
"""

from collections.abc import Iterator

from roadworthy.model.detail.prometheus import ScrapeReach
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.JOB, Kind.SERVICE}))


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Compare the way each component of ours is scraped with the number of its replicas."""
    reached: dict[tuple[str, str], list[tuple[Symbol, ScrapeReach]]] = {}
    for symbol in facts.details(Kind.JOB, Action.REFERS, ScrapeReach):
        if isinstance(symbol.detail, ScrapeReach):
            reached.setdefault((symbol.component, symbol.detail.host), []).append((symbol, symbol.detail))
    for (component, host), ways in reached.items():
        symbol, reach = ways[0]
        if reach.form != "static":
            yield Held(symbol.at)
            continue
        names = {detail.through for _, detail in ways}
        artifact = "compose" if names != {"Service"} else "kubernetes"
        several = _several(facts, component, artifact)
        known = facts.component(component)
        if several is None or known is None:
            yield Held(symbol.at)
            continue
        side, count = several
        yield Finding(
            f"the job `{symbol.name}` scrapes `{host}`, one address for the {count} replicas of `{component}`",
            symbol.at,
            (Related(side, f"`{component}` runs {count} times"),),
            "Use `dns_sd_configs` with `tasks." + host + "`"
            if artifact == "compose"
            else "Use a ServiceMonitor or `kubernetes_sd_configs` with role `endpoints`",
            (str(symbol.name), component),
            component,
        )


def _several(facts: Facts, component: str, artifact: str) -> tuple[Span, int] | None:
    """Return where it is said that a component runs more than once, and how often at least."""
    for symbol in facts.definitions(Kind.SERVICE, component):
        workload = symbol.detail
        if not isinstance(workload, Workload) or workload.artifact != artifact or symbol.role is not FileRole.PROD:
            continue
        main = symbol.component == component and workload.form not in ("sidecar", "init")
        if main and workload.replicas is not None and workload.replicas > 1:
            return symbol.at, workload.replicas
    for symbol in facts.references(Kind.SERVICE, component):
        chosen = symbol.detail
        if artifact != "kubernetes" or not isinstance(chosen, WorkloadChosen) or symbol.component != component:
            continue
        scaled = chosen.by == "HorizontalPodAutoscaler" and symbol.role is FileRole.PROD
        if scaled and chosen.minimum is not None and chosen.minimum > 1:
            return symbol.at, chosen.minimum
    return None
