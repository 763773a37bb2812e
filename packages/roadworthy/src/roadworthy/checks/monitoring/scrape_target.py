"""Prometheus asks the wrong host, port or path for metrics.

The target is down from the first day, and every alert on its metrics is blind.

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
from prometheus_client import make_asgi_app

app = FastAPI()
app.mount("/metrics", make_asgi_app())
```

```yaml title="prometheus.yml"
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8080"]
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
from prometheus_client import make_asgi_app

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

Name the service as its network knows it, the port it listens on inside its container (not the published one), and the
path that serves metrics. `up == 0` should be an alert.

## References

- https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.prometheus import ScrapeReach, ScrapeTarget
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import HostName
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing, nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.JOB, Kind.HOST, Kind.PORT, Kind.PATH}))

_NOT_OURS = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal", "::1"})  # noqa: S104 - names, not binds
Statement = Finding | Unknown | Held

_CERTAIN = frozenset({"command", "code", "containerPort", "expose"})
_SECURED = re.compile(r"ssl|tls|certfile|cert_|_cert|certs\b", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Statement]:
    """Look each target's host, port and path up among what the repository's components offer."""
    for job in facts.definitions(Kind.JOB):
        target = job.detail
        if not isinstance(target, ScrapeTarget) or job.role is not FileRole.PROD:
            continue
        if target.form == "annotation":
            yield from _asked_for(facts, job, target)
        if not target.host and target.path:
            yield from _monitored(facts, job, target)
        elif target.host and target.host not in _NOT_OURS:
            yield from _static(facts, job, target)


def _static(facts: Facts, job: Symbol, target: ScrapeTarget) -> Iterator[Statement]:
    first, _, rest = target.host.partition(".")
    hosts = [
        (s, s.detail)
        for s in facts.definitions(Kind.HOST)
        if isinstance(s.detail, HostName) and not (target.beside == "compose" and s.detail.by == "Service" and not rest)
    ]
    in_cluster = rest.startswith("svc") or ".svc" in rest or rest in {detail.namespace for _, detail in hosts}
    if rest and not in_cluster:
        return
    named = [(s, detail) for s, detail in hosts if s.name.matches(first)]
    if not named:
        yield from _unknown_host(facts, job, target, first, [s for s, _ in hosts])
        return
    components = {detail.component for _, detail in named}
    component = facts.component(next(iter(components))) if len(components) == 1 else None
    if component is None:
        yield Unknown(f"what answers as `{target.host}`", named[0][0].at)
        return
    wrong = list(_port(facts, job, target, component, named))
    wrong += _scheme(facts, job, target, component)
    yield from wrong
    if component.ours and not any(isinstance(statement, Finding) for statement in wrong):
        yield from _path(facts, job, target, component)


def _unknown_host(
    facts: Facts, job: Symbol, target: ScrapeTarget, host: str, hosts: list[Symbol]
) -> Iterator[Statement]:
    beside = [
        c
        for c in facts.components
        if c.kind is ComponentKind.MONITORING and "prometheus" in f"{c.id} {c.image}".lower()
    ]
    opening = next(iter(facts.openings(Kind.HOST)), None)
    if opening is not None or not beside or not hosts:
        reason = opening.reason if opening else "where Prometheus runs is not in this repository"
        yield Unknown(f"whether `{target.host}` exists: {reason}", opening.at if opening else job.at)
        return
    near = nearest(host, hosts).nearest
    names = ", ".join(dict.fromkeys(f"`{symbol.name}`" for symbol in near))
    yield Finding(
        f"the job `{target.job}` scrapes `{target.host}`, and no service has that name"
        + (f"; the nearest is {names}" if names else ""),
        job.at,
        tuple(Related(s.at, f"the service `{s.name}`") for s in near)
        or (Related(beside[0].declared[0], "Prometheus runs here"),),
        f"Write `{near[0].name}`" if near else "Name the service as its network knows it",
        (target.job, target.host),
    )


def _port(
    facts: Facts, job: Symbol, target: ScrapeTarget, component: Component, named: list[tuple[Symbol, HostName]]
) -> Iterator[Statement]:
    port = str(target.port or (443 if target.scheme == "https" else 80))
    listening = list(facts.definitions(Kind.PORT, component.id))
    hosts = {str(symbol.name) for symbol, detail in named if detail.by == "Service"}
    offered = [
        s
        for s in listening
        if isinstance(s.detail, PortUse)
        and (s.detail.host in hosts if s.detail.by == "service port" else len(hosts) < len(named))
    ]
    certain = any(isinstance(s.detail, PortUse) and s.detail.by in ("command", "code", "service port") for s in offered)
    if any(s.name.matches(port) for s in offered):
        yield Held(job.at)
        return
    opening = next(iter(facts.openings(Kind.PORT, component.id)), None)
    if opening is not None or not certain:
        if component.ours:
            reason = opening.reason if opening else "nothing here says on which ports it listens"
            yield Unknown(f"whether `{component.id}` listens on {port}: {reason}", opening.at if opening else job.at)
        return
    listens = ", ".join(dict.fromkeys(str(s.name) for s in offered))
    yield Finding(
        f"the job `{target.job}` scrapes port {port} of `{component.id}`, which listens on {listens}",
        job.at,
        tuple(Related(s.at, f"listens on {s.name}") for s in offered[:3]),
        f"Write `{target.host}:{offered[0].name}`",
        (target.job, target.host, port),
        component.id,
    )


def _scheme(facts: Facts, job: Symbol, target: ScrapeTarget, component: Component) -> Iterator[Statement]:
    """Judge `scheme: https` by what gives the component a certificate."""
    if target.scheme != "https" or not component.ours:
        return
    words = [
        *(
            " ".join(s.detail.words)
            for s in facts.references(Kind.COMMAND, component.id)
            if isinstance(s.detail, CommandUse)
        ),
        *(str(s.name) for s in facts.references(Kind.ENVIRONMENT, component.id)),
        *(s.detail.target for s in facts.references(Kind.VOLUME, component.id) if isinstance(s.detail, Mount)),
    ]
    listening = [
        s
        for s in facts.definitions(Kind.PORT, component.id)
        if isinstance(s.detail, PortUse) and s.component == component.id and s.detail.by in ("command", "code")
    ]
    if any(_SECURED.search(text) for text in words) or not listening:
        yield Unknown(f"whether `{component.id}` answers with TLS", job.at)
        return
    yield Finding(
        f"the job `{target.job}` scrapes `{component.id}` with TLS, and it answers without",
        job.at,
        (Related(listening[0].at, "listens here, and nothing gives it a certificate"),),
        "Leave out `scheme: https`",
        (target.job, "scheme"),
        component.id,
    )


def _asked_for(facts: Facts, job: Symbol, target: ScrapeTarget) -> Iterator[Statement]:
    """Compare the port an annotation names with those its own containers listen on."""
    component = facts.component(job.component)
    if component is None or target.port is None:
        return
    listening = [
        s
        for s in facts.definitions(Kind.PORT, component.id)
        if isinstance(s.detail, PortUse) and s.component == component.id and s.detail.by in _CERTAIN
    ]
    if not listening or any(s.name.matches(str(target.port)) for s in listening):
        return
    opening = next(iter(facts.openings(Kind.PORT, component.id)), None)
    if opening is not None:
        yield Unknown(f"whether `{component.id}` listens on {target.port}: {opening.reason}", opening.at)
        return
    listens = ", ".join(dict.fromkeys(str(s.name) for s in listening))
    yield Finding(
        f"`{component.id}` asks to be scraped on port {target.port}, and listens on {listens}",
        target.path_at or job.at,
        tuple(Related(s.at, f"listens on {s.name}") for s in listening[:3]),
        f"Write `{listening[0].name}`",
        (target.job, str(target.port)),
        component.id,
    )


def _path(facts: Facts, job: Symbol, target: ScrapeTarget, component: Component) -> Iterator[Statement]:
    at = target.path_at or job.at
    asked = Symbol(Kind.PATH, Action.REFERS, Exact(target.path.partition("?")[0]), at, component.id)
    match facts.resolve(asked):
        case Met():
            yield Held(at)
        case CannotTell(opening):
            yield Unknown(f"whether `{component.id}` serves `{target.path}`: {opening.reason}", opening.at)
        case Missing(near, _) if _serves_some(facts, component):
            yield _unserved(facts, job, target, component, near)


def _serves_some(facts: Facts, component: Component) -> bool:
    """Tell whether a component serves metrics anywhere; that one serves none is the matter of other rules."""
    return any("metrics" in str(s.name) for s in facts.definitions(Kind.PATH, component.id))


def _unserved(
    facts: Facts, job: Symbol, target: ScrapeTarget, component: Component, near: tuple[Symbol, ...]
) -> Finding:
    alike = near or tuple(s for s in facts.definitions(Kind.PATH, component.id) if "metrics" in str(s.name))
    alike = tuple(s for s in alike if not str(s.name).endswith(("/", "*"))) or alike
    return Finding(
        f"the job `{target.job}` asks `{component.id}` for `{target.path}`, which no route serves"
        + (f"; the nearest is `{alike[0].name}`" if alike else ""),
        target.path_at or job.at,
        tuple(Related(s.at, f"serves `{s.name}`") for s in alike[:2])
        or (Related(component.declared[0], f"`{component.id}`, whose routes were read"),),
        f"Set `metrics_path: {alike[0].name}`" if alike else f"Serve metrics at `{target.path}`",
        (target.job, target.path),
        component.id,
    )


def _port_named(facts: Facts, job: Symbol, target: ScrapeTarget, component: Component) -> Iterator[Statement]:
    """Compare the name a monitor gives to its port with those that the Services of its component give to theirs."""
    named = [
        s
        for s in facts.definitions(Kind.PORT, component.id)
        if isinstance(s.detail, PortUse) and s.detail.by == "service port" and s.component == component.id
    ]
    names = {s.detail.name for s in named if isinstance(s.detail, PortUse)}
    if not target.port_name or not named:
        return
    if target.port_name in names:
        yield Held(target.port_at or job.at)
        return
    known = ", ".join(f"`{name}`" for name in sorted(names) if name) or "no name"
    yield Finding(
        f"the monitor `{target.job}` asks the port named `{target.port_name}` of `{component.id}`, whose Service names {known}",
        target.port_at or job.at,
        tuple(
            Related(s.at, f"port {s.name}" + (f" is called `{_called(s)}`" if _called(s) else "")) for s in named[:3]
        ),
        f"Write `{next((name for name in sorted(names) if name), target.port_name)}`, or name the Service's port so",
        (target.job, target.port_name),
        component.id,
    )


def _called(symbol: Symbol) -> str:
    return symbol.detail.name if isinstance(symbol.detail, PortUse) else ""


def _monitored(facts: Facts, job: Symbol, target: ScrapeTarget) -> Iterator[Statement]:
    """Judge a monitor: a service of ours that it selects must have its port and serve its path; where it is not known
    whom it selects, some service must."""
    services = [
        c
        for c in facts.components
        if c.ours and c.role is FileRole.PROD and c.kind in (ComponentKind.SERVICE, ComponentKind.WORKER)
    ]
    reached = {
        s.component
        for s in facts.references(Kind.JOB)
        if isinstance(s.detail, ScrapeReach) and s.at == job.at and s.name == job.name
    }
    services = [c for c in services if c.id in reached] or services
    if len(reached) == 1 and len(services) == 1 and target.form == "ServiceMonitor":
        yield from _port_named(facts, job, target, services[0])
    told = [statement for service in services for statement in _path(facts, job, target, service)]
    chosen = next((s for s in told if isinstance(s, Held)), None) or next(
        (s for s in told if isinstance(s, Unknown)), None
    )
    if chosen is not None:
        yield chosen
    elif told:
        yield told[0]
