"""The proxy refuses requests that the application means to accept.

The application says 20 MB, the proxy cuts at 1 MB, which is nginx's own default: users get a bare 413 page that no log of
the application knows of.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
app = FastAPI()
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```nginx title="nginx.conf"
server {
    listen 80;
    client_max_body_size 5m;
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
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
app = FastAPI()
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```nginx title="nginx.conf"
server {
    listen 80;
    client_max_body_size 21m;
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
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
```

## Repair

Set the proxy's limit (`client_max_body_size`, `proxy-body-size`) a little above that of the application, so that the
application is the one that refuses.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.component import Component
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.limit import BodyLimit
from roadworthy.model.detail.proxy import ProxyRoute, ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROXY, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.HOST, Kind.ENVIRONMENT}))

_NGINX_DEFAULT = 1024 * 1024


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare, for each component and each kind of proxy before it, the largest size either side lets through."""
    for component in facts.components:
        kinds: dict[str, list[tuple[Symbol, ProxyRoute]]] = defaultdict(list)
        for symbol in facts.details(Kind.HOST, Action.REFERS, ProxyTarget):
            own = symbol.component == component.id and symbol.role is FileRole.PROD
            if own and isinstance(symbol.detail, ProxyTarget):
                kinds[symbol.detail.route.proxy].append((symbol, symbol.detail.route))
        limits = _limits(facts, component)
        for _, proxies in sorted(kinds.items() if limits else ()):
            yield _compared(component, proxies, limits)


def _compared(
    component: Component, proxies: list[tuple[Symbol, ProxyRoute]], limits: list[tuple[Symbol, int, Symbol | None]]
) -> Finding | Unknown | Held:
    allowed = [_allowed(route.proxy, route.body_bytes, hidden=route.limited is None) for _, route in proxies]
    own, size, given = max(limits, key=lambda limit: limit[1])
    sizes = [found for found in allowed if found is not None]
    if len(sizes) < len(allowed):
        return Unknown(f"how large a request to {component.id} may be at the proxy", proxies[0][0].at)
    widest = max(sizes)
    symbol, route = proxies[sizes.index(widest)]
    if widest >= size:
        return Held(route.body_at or symbol.at)
    related = [Related(own.at, f"`{own.name}` allows {_shown(size)}")]
    related += [Related(given.at, f"sets `{given.name}` to {_shown(size)}")] if given is not None else []
    says = f"the proxy of {component.id} lets {_shown(widest)} through"
    if route.body_bytes is None:
        says = f"nothing tells the proxy of {component.id} how large a request may be: {_shown(widest)} for nginx"
    return Finding(
        f"{says}; the application allows {_shown(size)}",
        route.body_at or symbol.at,
        tuple(related),
        f"Allow a little more than {_shown(size)} at the proxy",
        (str(own.name),),
        component.id,
    )


def _allowed(proxy: str, size: int | None, *, hidden: bool) -> float | None:
    """Return how many bytes a proxy lets through, None where that is not known."""
    if size is not None:
        return size or float("inf")
    if proxy == "nginx":
        return None if hidden else _NGINX_DEFAULT
    return None if proxy == "ingress" or hidden else float("inf")


def _limits(facts: Facts, component: Component) -> list[tuple[Symbol, int, Symbol | None]]:
    found: list[tuple[Symbol, int, Symbol | None]] = []
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, BodyLimit):
        limit = symbol.detail
        if not isinstance(limit, BodyLimit) or symbol.component != component.id or symbol.role is not FileRole.PROD:
            continue
        given = next((s for s in facts.definitions(Kind.ENVIRONMENT, component.id) if _gives(s, limit.variable)), None)
        value = given.detail.value if given is not None and isinstance(given.detail, EnvironmentGiven) else None
        if value is not None and value.isdecimal() and len(value) < 15:
            found.append((symbol, int(value) * limit.unit, given))
        elif limit.size is not None and given is None:
            found.append((symbol, limit.size, None))
    return found


def _gives(symbol: Symbol, variable: str) -> bool:
    return bool(variable) and str(symbol.name) == variable and symbol.role is FileRole.PROD and symbol.phase == "run"


def _shown(size: float) -> str:
    for unit, one in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size >= one:
            return f"{size / one:.3g} {unit}"
    return f"{size:.0f} bytes"
