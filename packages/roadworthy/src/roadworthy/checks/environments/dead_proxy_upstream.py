"""A proxy passes requests to a host, port or path where nobody answers.

The proxy starts, or dies at its first line, and every request through it ends in 502 or 404 while the service behind it
is well.

## Fails

```nginx title="nginx/default.conf"
server {
    listen 80;
    location / {
        proxy_pass http://backend:8000;
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
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Passes

```nginx title="nginx/default.conf"
server {
    listen 80;
    location / {
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
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf:ro
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Repair

Write the name of the service and the port its process listens on. A slash behind the address takes the location off the
path: leave it away where the routes begin with that location, write it where they do not.

## References

- https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass
"""

from collections.abc import Iterator

from roadworthy.model.component import Component
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROXY, since="0.1", needs=frozenset({Kind.HOST, Kind.PORT, Kind.SERVICE, Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Follow every server a proxy names to what answers there."""
    for symbol in facts.details(Kind.HOST, Action.REFERS, ProxyTarget):
        target = symbol.detail
        if not isinstance(target, ProxyTarget) or symbol.role is not FileRole.PROD:
            continue
        match target.state:
            case "met":
                yield Held(symbol.at)
            case "no host":
                yield _no_host(facts, symbol, target)
            case "no port":
                yield _no_port(symbol, target)
            case "no path":
                yield _no_path(symbol, target)
            case _:
                yield Unknown(f"whether `{symbol.name}` answers the proxy: {target.why}", symbol.at)


def _no_host(facts: Facts, symbol: Symbol, target: ProxyTarget) -> Finding:
    proxy = facts.component(target.through)
    related = [Related(at, f"answers to `{name}`") for name, at in target.nearest]
    if proxy is not None:
        related.append(_proxy(proxy))
    if target.why == "localhost":
        says = f"passes requests to `{symbol.name}`, which is its own container, where nothing else runs"
    else:
        says = f"passes requests to the host `{symbol.name}`, to which no service answers"
    cure = f"Write `{target.nearest[0][0]}` as the host" if target.nearest else "Write the name of a service"
    return Finding(
        f"{_who(target)} {says}", symbol.at, tuple(dict.fromkeys(related)), cure, (str(symbol.name),), target.through
    )


def _no_port(symbol: Symbol, target: ProxyTarget) -> Finding:
    ports = [port for port, _ in target.ports]
    opened = " and ".join(ports)
    return Finding(
        f"{_who(target)} passes requests to port {target.route.port} of `{symbol.name}`, which listens on {opened}",
        symbol.at,
        tuple(Related(at, f"`{symbol.component or symbol.name}` listens on {port}") for port, at in target.ports),
        f"Write {ports[0]} as the port",
        (str(symbol.name), str(target.route.port), *ports),
        symbol.component,
    )


def _no_path(symbol: Symbol, target: ProxyTarget) -> Finding:
    route = target.route
    keep = "Leave the path behind the address away" if route.path is not None else "Write a slash behind the address"
    return Finding(
        f"what {_who(target)} passes on below `{route.location}` meets no route of `{symbol.component}`: {target.why}",
        symbol.at,
        tuple(Related(at, f"serves `{path}`") for path, at in target.nearest),
        f"{keep}, or serve the routes below `{route.location}`",
        (route.location, route.path or ""),
        symbol.component,
    )


def _who(target: ProxyTarget) -> str:
    return f"`{target.through}`" if target.through else f"the {target.route.proxy} proxy"


def _proxy(component: Component) -> Related:
    return Related(component.declared[0], f"`{component.id}` is the proxy")
