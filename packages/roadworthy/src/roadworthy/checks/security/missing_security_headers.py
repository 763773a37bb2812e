"""Answers carry none of the headers that protect those who read them in a browser.

Without them a browser guesses types, lets other sites frame the pages, and goes on speaking without TLS.

## Fails

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def items() -> list[str]:
    return []
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@app.get("/items")
def items() -> list[str]:
    return []
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000"]
```

## Repair

Send `X-Content-Type-Options`, `Strict-Transport-Security`, `Content-Security-Policy` and `Referrer-Policy`: by a middleware
(helmet, Django's SecurityMiddleware, one of your own) or at the proxy (`add_header … always`).
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.proxy import HeadersSet, ProxyTarget
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.HOST, Kind.SETTING}))

_PROTECTING = frozenset(
    {"x-content-type-options", "strict-transport-security", "content-security-policy", "x-frame-options"}
)
_READ = frozenset({"python", "javascript", "typescript"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, for each service of ours, for the headers in its code and at its proxy."""
    read = {s.component for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead) if s.role is FileRole.PROD}
    for component in facts.components:
        if component.kind is not ComponentKind.SERVICE or not component.ours or component.role is not FileRole.PROD:
            continue
        routes = [s for s in facts.definitions(Kind.PATH, component.id) if _in_code(s) and s.component == component.id]
        if component.id in read and routes and set(component.languages) <= _READ:
            yield from _component(facts, component, routes[0])


def _in_code(symbol: Symbol) -> bool:
    served = isinstance(symbol.detail, RouteServed) and symbol.detail.source == "code"
    return served and symbol.role is FileRole.PROD


def _component(facts: Facts, component: Component, route: Symbol) -> Iterator[Finding | Unknown | Held]:
    told = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct)
        if isinstance(s.detail, Construct) and s.detail.kind == "headers" and s.component in ("", component.id)
    ]
    proxies = [
        s
        for s in facts.details(Kind.HOST, Action.REFERS, ProxyTarget)
        if s.component == component.id and s.role is FileRole.PROD
    ]
    sending = [s for s in told if isinstance(s.detail, Construct) and s.detail.sound] or _at_proxy(facts, proxies)
    if sending:
        yield Held(sending[0].at)
    elif told:
        says = told[0].detail.says if isinstance(told[0].detail, Construct) else ""
        yield Finding(says, told[0].at, (), "Put it back", (str(told[0].name),), component.id)
    elif any(isinstance(s.detail, ProxyTarget) and s.detail.route.proxy not in ("nginx", "ingress") for s in proxies):
        yield Unknown(f"whether the proxy of {component.id} adds the headers", proxies[0].at)
    else:
        yield Finding(
            f"nothing in {component.id} sends the headers that protect browsers",
            route.at,
            tuple(Related(s.at, "passes answers on without them") for s in proxies),
            "Add a middleware that sends them, or `add_header` at the proxy",
            (component.id,),
            component.id,
        )


def _at_proxy(facts: Facts, proxies: list[Symbol]) -> list[Symbol]:
    paths = {s.at.path for s in proxies}
    return [
        s
        for s in facts.details(Kind.SETTING, Action.DEFINES, HeadersSet)
        if s.at.path in paths and isinstance(s.detail, HeadersSet) and set(s.detail.names) & _PROTECTING
    ]
