"""A limit by the caller's address sees the proxy's address, or believes any address the caller writes.

Without trust in its proxy the service counts all users as one, and the first busy minute locks everybody out. With trust
in anybody, an attacker writes another address into each request and is never counted.

## Fails

```python title="app/main.py"
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address, default_limits=["10/minute"])
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```nginx title="nginx.conf"
server {
    listen 80;
    location / {
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
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
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address, default_limits=["10/minute"])
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--forwarded-allow-ips", "172.16.0.0/12"]
```

```nginx title="nginx.conf"
server {
    listen 80;
    location / {
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
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

Name the proxy's network as the only one whose word counts (`--forwarded-allow-ips`, `ProxyFix(x_for=1)`,
`app.set("trust proxy", 1)`, `NUM_PROXIES`), and let the proxy set the header.
"""

from collections.abc import Iterator

from roadworthy.model.detail.limit import LimitSet, ProxyTrusted
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROXY, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.HOST, Kind.COMMAND}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare by what each limiter counts with whom its component believes, and what its proxy passes on."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, LimitSet):
        limit = symbol.detail
        if not isinstance(limit, LimitSet) or symbol.role is not FileRole.PROD or not symbol.component:
            continue
        proxies = _proxies(facts, symbol.component)
        if limit.key == "other" or not proxies:
            continue
        if limit.key == "forwarded":
            yield from _believed(symbol, proxies, [])
        else:
            yield from _by_address(facts, symbol, proxies)


def _by_address(facts: Facts, symbol: Symbol, proxies: list[Symbol]) -> Iterator[Finding | Unknown | Held]:
    told = _trusting(facts, symbol.component)
    deaf = [s for s in told if _whom(s) == "nobody"]
    trusting = [] if deaf else [s for s in told if _whom(s) != "none"]
    if not trusting:
        yield Finding(
            f"{symbol.name} counts by the address of the connection, which behind the proxy is the proxy's for everybody",
            symbol.at,
            tuple(
                dict.fromkeys(
                    [
                        *(Related(s.at, "tells the server not to read X-Forwarded-For") for s in deaf),
                        *(Related(s.at, f"passes requests to {symbol.component}") for s in proxies),
                    ]
                )
            ),
            "Name the proxy as the one whose X-Forwarded-For counts",
            (str(symbol.name),),
            symbol.component,
        )
    elif {"some", "all"} <= {_whom(s) for s in trusting}:
        yield _contradiction(symbol, trusting)
    elif any(_whom(s) == "some" for s in trusting):
        yield Held(symbol.at)
    elif any(_whom(s) == "all" for s in trusting):
        yield from _believed(symbol, proxies, [s for s in trusting if _whom(s) == "all"])
    else:
        yield Unknown("whose word about the caller's address counts", trusting[0].at)


def _contradiction(symbol: Symbol, trusting: list[Symbol]) -> Finding:
    everybody = [s for s in trusting if _whom(s) == "all"]
    related = [Related(s.at, f"`{s.name}` believes everybody") for s in everybody]
    related += [Related(s.at, f"`{s.name}` names whom to believe") for s in trusting if _whom(s) == "some"]
    return Finding(
        f"{symbol.name} counts by an address that whoever reaches the service can write: one of its deployments believes everybody",
        symbol.at,
        tuple(dict.fromkeys(related)),
        "Name the proxy's network in each deployment",
        (str(symbol.name), str(everybody[0].name)),
        symbol.component,
    )


def _believed(symbol: Symbol, proxies: list[Symbol], trusting: list[Symbol]) -> Iterator[Finding | Held]:
    appending = [s for s in proxies if isinstance(s.detail, ProxyTarget) and s.detail.route.forwards != "sets"]
    if not appending:
        yield Held(symbol.at)
        return
    related = [Related(s.at, f"`{s.name}` believes everybody") for s in trusting]
    related += [Related(s.at, "leaves in the header what the caller wrote") for s in appending]
    yield Finding(
        f"{symbol.name} counts by an address that the caller can write into X-Forwarded-For",
        symbol.at,
        tuple(dict.fromkeys(related)),
        "Believe the proxy's network only, and count by the last address that it did not write itself",
        (str(symbol.name),),
        symbol.component,
    )


def _proxies(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.HOST, Action.REFERS, ProxyTarget)
        if s.component == component and s.role is FileRole.PROD
    ]


def _trusting(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProxyTrusted)
        if s.component in ("", component) and s.role is FileRole.PROD
    ]


def _whom(symbol: Symbol) -> str:
    return symbol.detail.whom if isinstance(symbol.detail, ProxyTrusted) else ""
