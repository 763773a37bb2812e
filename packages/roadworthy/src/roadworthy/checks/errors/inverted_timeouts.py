"""What is inside waits longer than what is outside.

The outer one gives up first and answers with an error, while the inner one goes on working for nobody: connections and
workers stay busy, and the caller's retry adds to them.

## Fails

```nginx title="nginx.conf"
server {
    listen 80;
    location / {
        proxy_read_timeout 10s;
        proxy_pass http://api:8000;
    }
}
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["gunicorn", "app.main:app", "--bind", "0.0.0.0:8000", "--timeout", "120"]
```

## Passes

```nginx title="nginx.conf"
server {
    listen 80;
    location / {
        proxy_read_timeout 65s;
        proxy_pass http://api:8000;
    }
}
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["gunicorn", "app.main:app", "--bind", "0.0.0.0:8000", "--timeout", "60"]
```

## Repair

Let every layer wait a little longer than all that is behind it: statement < call < worker < proxy < load balancer; the
timeout of a probe below its period.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.pool import TimeBound
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR,
    Family.CONFIGURATION,
    since="0.1",
    needs=frozenset({Kind.HOST, Kind.SETTING, Kind.COMMAND, Kind.PATH}),
)

_INNER = {
    "server": "a worker is given",
    "client": "a call of another service is given",
    "statement": "a query is given",
    "request": "the service gives itself",
}
# Nginx waits this long when nothing is said.
_NGINX_DEFAULT = 60.0


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what each component waits for with those that wait for it, and probes with their periods."""
    bounds = [
        (s, s.detail)
        for s in facts.details(Kind.SETTING, Action.DEFINES, TimeBound)
        if isinstance(s.detail, TimeBound) and s.role is FileRole.PROD and s.component
    ]
    for component in sorted({s.component for s, _ in bounds}):
        yield from _component(facts, component, [(s, b) for s, b in bounds if s.component == component])
    for symbol in facts.details(Kind.PATH, Action.REFERS, ProbeUse):
        yield from _probe(symbol)


def _component(facts: Facts, component: str, bounds: list[tuple[Symbol, TimeBound]]) -> Iterator[Finding | Held]:
    outer = [(at, seconds, f"the proxy waits {_shown(seconds)}") for at, seconds in _proxies(facts, component)]
    inner = [(s, b) for s, b in bounds if b.layer in _INNER]
    for symbol, bound in bounds:
        if bound.layer in ("server", "request"):
            what = "a worker is ended" if bound.layer == "server" else "the service gives up"
            outer.append((symbol.at, bound.seconds, f"{what} after {_shown(bound.seconds)}"))
    for symbol, bound in inner:
        around = [one for one in outer if one[0] != symbol.at]
        if bound.layer in ("server", "request"):
            around = [one for one in around if one[2].startswith("the proxy")]
        sooner = [one for one in around if one[1] < bound.seconds]
        if sooner:
            yield _finding(component, symbol, bound, min(sooner, key=lambda one: one[1]))
        elif around:
            yield Held(symbol.at)


def _finding(component: str, symbol: Symbol, bound: TimeBound, outer: tuple[Span, float, str]) -> Finding:
    at, seconds, says = outer
    return Finding(
        f"in {component} {_INNER[bound.layer]} {_shown(bound.seconds)} (`{symbol.name}`), and {says}",
        symbol.at,
        (Related(at, says),),
        f"Give up inside before {_shown(seconds)}, or wait longer outside",
        (str(symbol.name), bound.layer),
        component,
    )


def _proxies(facts: Facts, component: str) -> list[tuple[Span, float]]:
    """Return how long each kind of proxy in front waits; slow locations are those that count."""
    found: dict[str, list[tuple[Span, float]]] = defaultdict(list)
    for symbol in facts.details(Kind.HOST, Action.REFERS, ProxyTarget):
        target = symbol.detail
        if symbol.component != component or symbol.role is not FileRole.PROD or not isinstance(target, ProxyTarget):
            continue
        if target.route.read_seconds is not None and target.route.read_at is not None:
            found[target.route.proxy].append((target.route.read_at, target.route.read_seconds))
        elif target.route.proxy == "nginx" and target.route.limited is not None:
            found[target.route.proxy].append((symbol.at, _NGINX_DEFAULT))
    return [max(waiting, key=lambda one: one[1]) for _, waiting in sorted(found.items())]


def _probe(symbol: Symbol) -> Iterator[Finding | Held]:
    probe = symbol.detail
    if not isinstance(probe, ProbeUse) or symbol.role is not FileRole.PROD:
        return
    if probe.timeout_seconds is None or probe.period_seconds is None:
        return
    if probe.timeout_seconds > probe.period_seconds:
        yield Finding(
            f"the {probe.kind} probe of {symbol.component or 'the service'} waits {_shown(probe.timeout_seconds)} for an "
            f"answer and asks again after {_shown(probe.period_seconds)}",
            symbol.at,
            (),
            "Make the timeout of the probe shorter than its period",
            (probe.kind, "probe"),
            symbol.component,
        )
    else:
        yield Held(symbol.at)


def _shown(seconds: float) -> str:
    if seconds >= 1e9:
        return "for ever"
    return f"{seconds:g} s"
