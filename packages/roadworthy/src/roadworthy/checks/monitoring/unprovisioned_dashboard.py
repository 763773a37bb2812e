"""Grafana never loads a dashboard, or the dashboard asks a data source Grafana does not have.

The dashboard is in the repository, reviewed and up to date, and whoever opens Grafana in an outage finds an empty folder.

## Fails

```yaml title="compose.yaml"
services:
  grafana:
    image: grafana/grafana:11.1.0
    volumes:
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
```

```yaml title="grafana/provisioning/dashboards/files.yml"
apiVersion: 1
providers:
  - name: files
    options:
      path: /var/lib/grafana/dashboards
```

```json title="grafana/dashboards/shop.json"
{"title": "Shop", "panels": [{"title": "Up", "targets": [{"expr": "up"}]}]}
```

## Passes

```yaml title="compose.yaml"
services:
  grafana:
    image: grafana/grafana:11.1.0
    volumes:
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
      - ./grafana/dashboards:/var/lib/grafana/dashboards:ro
```

```yaml title="grafana/provisioning/dashboards/files.yml"
apiVersion: 1
providers:
  - name: files
    options:
      path: /var/lib/grafana/dashboards
```

```json title="grafana/dashboards/shop.json"
{"title": "Shop", "panels": [{"title": "Up", "targets": [{"expr": "up"}]}]}
```

## Repair

Mount the provider below `/etc/grafana/provisioning/dashboards`, and the dashboards in the folder its `options.path` names;
give each data source a fixed `uid` and use it in the dashboards.

## References

- https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
"""

import posixpath
import re
from collections.abc import Iterator

from roadworthy.model.component import Component
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.dashboard import Dashboard, DashboardProvider, DatasourceGiven, DatasourceUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.prometheus import FileMounted
from roadworthy.model.detail.workload import HostName
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.DASHBOARDS, since="0.1", needs=frozenset({Kind.DASHBOARD, Kind.VOLUME}))

_PROVISIONING = "/etc/grafana/provisioning"
_SIDECAR = "grafana_dashboard"

# Sources from which the files Grafana loads are made.
_BUILT = re.compile(r"(?:^|/)(?:jsonnet|mixins?|[\w-]+-mixin|charts?|templates|addons)/")

_ADDRESS = re.compile(r"https?://([A-Za-z0-9_-]+)(?::(\d+))?/?")
_PROMETHEUS = re.compile(r"(?:^|/)prom(?:etheus)?/prometheus\b|^bitnami/prometheus\b")

Statement = Finding | Unknown | Held
Identity = tuple[str, str, str]


def check(facts: Facts) -> Iterator[Statement]:
    """Follow each dashboard and what provides it into the container of each Grafana."""
    servers = [c for c in facts.components if c.role is FileRole.PROD and "grafana/grafana" in c.image and c.declared]
    if not servers:
        return
    seen: dict[Identity, list[Symbol]] = {}
    for symbol in facts.definitions(Kind.FILE):
        if isinstance(symbol.detail, FileMounted):
            key = (symbol.detail.path, symbol.detail.resource, symbol.detail.key)
            seen.setdefault(key, []).append(symbol)
    providers = [
        (s, s.detail)
        for s in facts.details(Kind.DASHBOARD, Action.REFERS, DashboardProvider)
        if isinstance(s.detail, DashboardProvider) and s.role is FileRole.PROD
    ]
    for symbol in facts.details(Kind.DASHBOARD, Action.DEFINES, Dashboard):
        detail = symbol.detail
        if isinstance(detail, Dashboard) and symbol.role is FileRole.PROD:
            told = [_told(facts, symbol, detail, server, providers, seen) for server in servers]
            yield next((t for t in told if isinstance(t, Held)), None) or next(
                (t for t in told if isinstance(t, Unknown)), told[0]
            )
    yield from _datasources(facts, seen)


def _told(
    facts: Facts,
    symbol: Symbol,
    dashboard: Dashboard,
    server: Component,
    providers: list[tuple[Symbol, DashboardProvider]],
    seen: dict[Identity, list[Symbol]],
) -> Statement:
    name = f"Grafana does not load the dashboard `{symbol.name}`"
    names = (symbol.at.path, dashboard.key)
    if any(_SIDECAR in label for label, _ in dashboard.labels):
        return Held(symbol.at)
    if _BUILT.search(symbol.at.path):
        return Unknown(f"whether Grafana loads {symbol.at.path}: other files are made of it", symbol.at)
    opening = next(iter(facts.openings(Kind.VOLUME, server.id)), None)
    if opening is not None:
        return Unknown(f"whether Grafana loads {symbol.at.path}: {opening.reason}", opening.at)
    running = Related(server.declared[0], "Grafana runs here")
    if not providers:
        if not any(_in(server, places) for places in seen.values()):
            return Unknown(f"whether Grafana loads {symbol.at.path}: nothing here provisions it", symbol.at)
        return Finding(
            f"{name}: no provider names a folder of dashboards",
            symbol.at,
            (running,),
            "Add a provider below `/etc/grafana/provisioning/dashboards`",
            names,
        )
    own = _in(server, seen.get((symbol.at.path, dashboard.resource if dashboard.key else "", dashboard.key), []))
    active = [(p, place) for p, d in providers for place in _in(server, seen.get(_file(p, d), []))]
    loaded = [p for p, place in active if str(place.name).startswith(_PROVISIONING + "/dashboards/")]
    if not active:
        elsewhere = any(seen.get(_file(p, d)) for p, d in providers)
        if elsewhere or not any(_in(server, places) for places in seen.values()):
            return Unknown(f"whether Grafana loads {symbol.at.path}: nothing here says where it is mounted", symbol.at)
        provider = providers[0][0]
        why = f"{name}: its provider {provider.at.path} is not mounted"
        sides = (Related(provider.at, "provides dashboards"), running)
        return Finding(why, symbol.at, sides, f"Mount it below `{_PROVISIONING}/dashboards`", names)
    if not loaded:
        provider, place = active[0]
        why = f"{name}: its provider is mounted at `{place.name}`, where Grafana does not look"
        sides = (Related(provider.at, "provides dashboards"), Related(place.at, "mounts the provider"))
        return Finding(why, symbol.at, sides, f"Mount it below `{_PROVISIONING}/dashboards`", names)
    if any(not isinstance(p.name, Exact) for p in loaded):
        return Unknown("which folder the provider names", loaded[0].at)
    folders = ", ".join(dict.fromkeys(f"`{p.name}`" for p in loaded))
    if any(_below(str(place.name), str(p.name)) for place in own for p in loaded):
        return Held(symbol.at)
    sides = (Related(loaded[0].at, f"reads {folders}"), Related(own[0].at, "mounts the dashboard") if own else running)
    where = f"it is seen as `{own[0].name}`" if own else f"`{server.id}` does not mount it"
    repair = f"Mount it below {folders}"
    return Finding(f"{name}: {where}, and the provider reads {folders}", symbol.at, sides, repair, names)


def _file(symbol: Symbol, detail: DashboardProvider | DatasourceGiven) -> Identity:
    return (symbol.at.path, detail.resource if detail.key else "", detail.key)


def _in(server: Component, places: list[Symbol]) -> list[Symbol]:
    return [place for place in places if place.component == server.id]


def _below(path: str, folder: str) -> bool:
    return posixpath.normpath(path).startswith(posixpath.normpath(folder).rstrip("/") + "/")


def _datasources(facts: Facts, seen: dict[Identity, list[Symbol]]) -> Iterator[Statement]:
    """Look the data sources that dashboards ask for up among those that are provisioned."""
    given = [
        (s, s.detail)
        for s in facts.details(Kind.DASHBOARD, Action.DEFINES, DatasourceGiven)
        if isinstance(s.detail, DatasourceGiven) and s.role is FileRole.PROD
    ]
    if not given or any(not isinstance(s.name, Exact) or "$" in d.uid for s, d in given):
        return
    for symbol, source in given:
        yield from _address(facts, symbol, source)
    known = {str(s.name) for s, _ in given} | {d.uid for _, d in given if d.uid}
    reported: set[tuple[str, str]] = set()
    for symbol in facts.details(Kind.DASHBOARD, Action.REFERS, DatasourceUse):
        use = symbol.detail
        if not isinstance(use, DatasourceUse) or symbol.role is not FileRole.PROD:
            continue
        name = str(symbol.name)
        alike = [s for s, d in given if not use.type or d.type == use.type]
        if name in known:
            yield Held(symbol.at)
        elif name.lower() not in ("default", "grafana", "prometheus") and (symbol.at.path, name) not in reported:
            reported.add((symbol.at.path, name))
            if not alike or not any(d.uid for _, d in given):
                yield Unknown(f"whether Grafana has a data source `{name}`", symbol.at)
                continue
            listed = ", ".join(f"`{d.uid or s.name}`" for s, d in given)
            yield Finding(
                f"`{use.user}` asks the data source `{name}`, which nothing provisions (provisioned: {listed})",
                symbol.at,
                (Related(alike[0].at, f"provisions {listed}"),),
                "Use the `uid` of a provisioned data source",
                (name, use.user),
            )


def _address(facts: Facts, symbol: Symbol, source: DatasourceGiven) -> Iterator[Statement]:
    """Look the address of a Prometheus up among the names and the port it has in this deployment."""
    found = _ADDRESS.fullmatch(source.url)
    servers = {c.id: c for c in facts.components if c.role is FileRole.PROD and _PROMETHEUS.search(c.image)}
    hosts = [
        s for s in facts.definitions(Kind.HOST) if isinstance(s.detail, HostName) and s.detail.component in servers
    ]
    if found is None or source.type != "prometheus" or not hosts or facts.openings(Kind.HOST):
        return
    host, port = found[1], found[2] or "80"
    names = ", ".join(dict.fromkeys(f"`{s.name}`" for s in hosts if isinstance(s.name, Exact)))
    moved = any(
        isinstance(s.detail, CommandUse) and "web.listen-address" in " ".join(s.detail.words)
        for id_ in servers
        for s in facts.references(Kind.COMMAND, id_)
    )
    offered = [s for s in facts.definitions(Kind.PORT) if isinstance(s.detail, PortUse) and s.detail.host == host]
    if not any(s.name.matches(host) for s in facts.definitions(Kind.HOST)):
        why = f"asks `{host}`, and no service has that name; Prometheus is {names}"
    elif any(s.name.matches(host) for s in hosts) and port != "9090" and not moved and not offered:
        why = f"asks port {port} of `{host}`, and Prometheus listens on 9090"
    else:
        yield Held(symbol.at)
        return
    sides = (Related(hosts[0].at, f"Prometheus answers as {names}"),)
    repair = f"Write `http://{hosts[0].name}:9090`"
    yield Finding(f"the data source `{symbol.name}` {why}", symbol.at, sides, repair, (str(symbol.name), host, port))
