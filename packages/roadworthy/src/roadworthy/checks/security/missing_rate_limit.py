"""Passwords and tokens can be guessed as fast as the network allows.

A route that tells right from wrong without a limit is an invitation: thousands of guesses a second, from one address.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(name: str, password: str) -> dict[str, str]:
    return {"token": name}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address)


@app.post("/login")
@limiter.limit("5/minute")
def login(request: Request, name: str, password: str) -> dict[str, str]:
    return {"token": name}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Repair

Bound the number of tries by account and by address, in the service or at the proxy (`limit_req`, `limit-rps`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct, HandlerGuarded
from roadworthy.model.detail.limit import LimitSet
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.proxies import proxies_of
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.SOURCE,
    since="0.1",
    needs=frozenset({Kind.CONSTRUCT, Kind.HOST}),
    effort=Effort.HOURS,
)

_LOGIN = re.compile(
    r"(^|[/_-])(log-?in|sign-?in|access-token|tokens?|authenticate|forgot-password|reset-password|password-recovery|"
    r"password-reset|verify-otp|otp|2fa|mfa)([/_-]|$|/\{)",
    re.IGNORECASE,
)

# What somebody else signed cannot be guessed.
_ELSEWHERE = re.compile(
    r"[/_-](apple|google|facebook|github|gitlab|bitbucket|twitter|microsoft|linkedin|oidc|saml2?|sso)([/_-]|$)",
    re.IGNORECASE,
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, for every route that examines a secret, for a limit in the code and at the proxy."""
    bare: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, HandlerGuarded):
        route = symbol.detail
        if not isinstance(route, HandlerGuarded) or symbol.role is not FileRole.PROD:
            continue
        if (
            "POST" not in route.methods
            or not _LOGIN.search(_path(route))
            or "refresh" in _path(route)
            or _ELSEWHERE.search(_path(route))
            or route.guards
            or "admin" in symbol.at.path
        ):
            continue
        limits = [s for s in _limits(facts, symbol.component) if isinstance(s.detail, LimitSet)]
        proxies = proxies_of(facts, symbol.component)
        if (
            route.limited
            or any(isinstance(s.detail, LimitSet) and s.detail.everything for s in limits)
            or (proxies and all(_bounded(s) for s in proxies))
        ):
            yield Held(symbol.at)
        elif lockouts := _lockouts(facts, symbol.component):
            yield Unknown(f"whether {_says(lockouts[0])}", lockouts[0].at)
        elif any(_bounded(s) is None for s in proxies):
            yield Unknown("whether the proxy bounds the number of requests", proxies[0].at)
        elif any(_bounded(s) for s in proxies):
            yield Unknown(f"which locations of the proxy `{_path(route)}` is reached by", proxies[0].at)
        else:
            bare[symbol.component].append(symbol)
    for component, symbols in bare.items():
        yield _finding(facts, component, symbols)
    yield from _beside(facts)


def _beside(facts: Facts) -> Iterator[Finding | Held]:
    """Yield views that lack the limit of all their siblings."""
    seen: dict[str, list[tuple[Symbol, Construct]]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        told = symbol.detail
        if isinstance(told, Construct) and told.kind == "unlimited" and symbol.role is FileRole.PROD:
            seen[symbol.at.path].append((symbol, told))
    for found in seen.values():
        sound = [(s, c) for s, c in found if c.sound]
        for symbol, told in found:
            if told.sound:
                yield Held(symbol.at)
            else:
                yield Finding(
                    told.says,
                    symbol.at,
                    tuple(dict.fromkeys(Related(s.at, c.says) for s, c in sound[:2])),
                    "Put the same limit before it",
                    (str(symbol.name),),
                    symbol.component,
                )


def _finding(facts: Facts, component: str, symbols: list[Symbol]) -> Finding:
    first, *others = symbols
    path = _path(first.detail) if isinstance(first.detail, HandlerGuarded) else ""
    related = [Related(s.at, f"`{s.name}` neither") for s in others]
    related += [Related(s.at, "passes any number of requests on") for s in proxies_of(facts, component)]
    idle = [s for s in _limits(facts, component) if isinstance(s.detail, LimitSet) and s.detail.bound]
    related += [
        Related(s.at, f"makes the limiter `{s.detail.bound}`, which nothing uses")
        for s in idle
        if isinstance(s.detail, LimitSet) and not s.detail.everything
    ]
    return Finding(
        f"`{path}` tells right from wrong, and nothing bounds how often it is asked",
        first.at,
        tuple(dict.fromkeys(related)),
        "Bound the number of tries by account and by address",
        (path or "",),
        component,
    )


def _path(route: HandlerGuarded) -> str:
    return route.served or route.path or ""


def _lockouts(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct)
        if isinstance(s.detail, Construct)
        and s.detail.kind == "lockout"
        and s.component in ("", component)
        and s.role is FileRole.PROD
    ]


def _says(symbol: Symbol) -> str:
    return symbol.detail.says if isinstance(symbol.detail, Construct) else ""


def _limits(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, LimitSet)
        if s.component in ("", component) and s.role is FileRole.PROD
    ]


def _bounded(symbol: Symbol) -> bool | None:
    return symbol.detail.route.limited if isinstance(symbol.detail, ProxyTarget) else None
