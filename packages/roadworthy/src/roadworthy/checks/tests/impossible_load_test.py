"""A load test measures what is not there: a path the service does not serve, or a metric the tool does not have.

Its figures are those of a 404, or its threshold never counts.

## Fails

```javascript title="load/orders.js"
import http from "k6/http";

export const options = { thresholds: { http_request_duration: ["p(95)<300"] } };

export default function () {
  http.get(`${__ENV.BASE_URL}/order`);
}
```

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders")
def orders() -> list[str]:
    return []
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Passes

```javascript title="load/orders.js"
import http from "k6/http";

export const options = { thresholds: { http_req_duration: ["p(95)<300"] } };

export default function () {
  http.get(`${__ENV.BASE_URL}/orders`);
}
```

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders")
def orders() -> list[str]:
    return []
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Repair

Ask paths that are served, and name the tool's own metrics or those the script defines.

## References

- https://grafana.com/docs/k6/latest/using-k6/metrics/reference/
"""

from collections.abc import Iterator

from roadworthy.model.detail.route import RouterDeclared, RouteServed
from roadworthy.model.detail.testing import LoadMetric, LoadRequest
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Pattern, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.PATH}))

_ASIDE = frozenset({FileRole.EXAMPLE, FileRole.DOCUMENT})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look up the metrics and the paths of every load test."""
    for symbol in facts.details(Kind.TEST, Action.REFERS, LoadMetric):
        if symbol.role not in _ASIDE:
            yield from _metric(symbol)
    served = [s for s in facts.definitions(Kind.PATH) if isinstance(s.detail, RouteServed) and s.role is FileRole.PROD]
    opening = next((o for o in facts.openings(Kind.PATH) if _of_ours(facts, o.component) and o.covers is None), None)
    for symbol in facts.details(Kind.TEST, Action.REFERS, LoadRequest):
        request = symbol.detail
        if symbol.role in _ASIDE or not isinstance(request, LoadRequest) or not request.path or not served:
            continue
        if any(_meets(path.name, request.path) for path in served):
            yield Held(symbol.at)
        elif opening is not None:
            yield Unknown(f"whether `{request.path}` is served: {opening.reason}", opening.at)
        elif any(o.covers and _meets(o.covers, request.path) for o in facts.openings(Kind.PATH)):
            yield Unknown(f"whether `{request.path}` is served", symbol.at)
        else:
            yield _unserved(facts, symbol, request, served)


def _of_ours(facts: Facts, component: str) -> bool:
    found = facts.component(component)
    return found is None or found.ours


def _metric(symbol: Symbol) -> Iterator[Finding | Unknown | Held]:
    detail = symbol.detail
    if not isinstance(detail, LoadMetric):
        return
    name = str(symbol.name)
    if name in detail.known:
        yield Held(symbol.at)
    elif not detail.whole:
        yield Unknown(f"whether the metric `{name}` is defined by what the script imports", symbol.at)
    else:
        choices = [Symbol(Kind.TEST, Action.DEFINES, Exact(known), symbol.at) for known in detail.known]
        near = [str(s.name) for s in nearest(name, choices).nearest]
        yield Finding(
            f"the load test judges by `{name}`, which {detail.tool} does not measure and the script does not define"
            + (f"; the nearest is `{near[0]}`" if near else ""),
            symbol.at,
            repair=f"Write `{near[0]}`" if near else f"Name a metric of {detail.tool}, or define `{name}`",
            names=(name,),
        )


def _meets(served: object, path: str) -> bool:
    """Tell whether what is served may answer a path that itself may hold `*` for one segment."""
    if not isinstance(served, Exact | Pattern):
        return True
    if "*" not in path:
        return served.matches(path) or served.matches(path.rstrip("/") or "/")
    ours, theirs = served.text.strip("/").split("/"), path.strip("/").split("/")
    if "**" in served.text:
        return True
    return len(ours) == len(theirs) and all(a == b or "*" in a or "*" in b for a, b in zip(ours, theirs, strict=True))


def _unserved(facts: Facts, symbol: Symbol, request: LoadRequest, served: list[Symbol]) -> Finding:
    near = nearest(request.path, served).nearest[:1]
    sides = [Related(s.at, f"serves `{s.name}`") for s in near] or [
        Related(s.at, "the application whose routes were read")
        for s in facts.definitions(Kind.CONSTRUCT)
        if isinstance(s.detail, RouterDeclared) and s.detail.form == "application" and s.role is FileRole.PROD
    ][:1]
    return Finding(
        f"the load test asks `{request.path}`, which no route serves"
        + (f"; the nearest is `{near[0].name}`" if near else ""),
        symbol.at,
        tuple(sides),
        f"Ask `{near[0].name}`" if near else "Ask a path that is served",
        (request.path,),
    )
