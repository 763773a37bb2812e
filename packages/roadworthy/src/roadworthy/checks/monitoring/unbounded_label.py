"""A label takes a new value with every user, request or address.

Each value is a series that is kept for hours: memory grows with every visitor, and whoever asks for random addresses takes
Prometheus down.

## Fails

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "path"])


async def count(request, call_next):
    response = await call_next(request)
    REQUESTS.labels(request.method, request.url.path).inc()
    return response
```

## Passes

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "route"])


async def count(request, call_next):
    response = await call_next(request)
    route = request.scope.get("route")
    REQUESTS.labels(request.method, route.path if route else "unmatched").inc()
    return response
```

## Repair

Label by the template of the route (`/orders/{id}`), by kinds of users, by the class of the error; put ids into logs and
traces.

## References

- https://prometheus.io/docs/practices/instrumentation/#do-not-overuse-labels
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import LabelFilled, MetricDefinition
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC, Kind.LABEL_VALUE}))


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Report the places where a label is filled with what has no end of values; the other metrics hold."""
    filled: set[str] = set()
    reported: set[tuple[str, str]] = set()
    for symbol in facts.details(Kind.LABEL_VALUE, Action.REFERS, LabelFilled):
        detail = symbol.detail
        if not isinstance(detail, LabelFilled) or symbol.role is not FileRole.PROD:
            continue
        filled.add(detail.family)
        if (detail.family, str(symbol.name)) in reported:
            continue
        reported.add((detail.family, str(symbol.name)))
        yield Finding(
            f"the label `{symbol.name}` of `{detail.family}` is filled with {detail.source}: its series grow without end",
            symbol.at,
            (Related(detail.defined_at, f"declares `{detail.family}`"),),
            "Label by the template of the route"
            if "address" in detail.source
            else "Leave it to the log, or label by kinds",
            (detail.family, str(symbol.name)),
            symbol.component,
        )
    for symbol in facts.definitions(Kind.METRIC):
        metric = symbol.detail
        if not isinstance(metric, MetricDefinition) or metric.source in ("recording rule", "Prometheus"):
            continue
        if metric.family not in filled and symbol.role is FileRole.PROD:
            filled.add(metric.family)
            yield Held(symbol.at)
