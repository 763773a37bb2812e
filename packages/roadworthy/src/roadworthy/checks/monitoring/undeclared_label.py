"""Code gives a metric a label that its declaration does not have.

The client library raises where the metric is counted up: the request fails because of its own measurement, often on the one
branch that no test enters.

## Fails

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "status"])
```

```python title="app/main.py"
from app.metrics import REQUESTS


def count(method: str, status: int) -> None:
    REQUESTS.labels(method=method, status_code=str(status)).inc()
```

## Passes

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "status"])
```

```python title="app/main.py"
from app.metrics import REQUESTS


def count(method: str, status: int) -> None:
    REQUESTS.labels(method=method, status=str(status)).inc()
```

## Repair

Give every label that the declaration names, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.metric import LabelsGiven, MetricDefinition
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC, Kind.LABEL}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the labels that code gives with those of the one declaration that its variable can be."""
    declared: dict[str, dict[tuple[str, ...] | None, Symbol]] = defaultdict(dict)
    for symbol in facts.details(Kind.METRIC, Action.DEFINES, MetricDefinition):
        metric = symbol.detail
        if isinstance(metric, MetricDefinition) and metric.source == "code" and metric.variable:
            labels = tuple(label for label in metric.labels if label != "le") if metric.labels is not None else None
            declared[metric.variable].setdefault(labels, symbol)
    for symbol in facts.details(Kind.LABEL, Action.REFERS, LabelsGiven):
        given = symbol.detail
        found = declared.get(str(symbol.name), {})
        if symbol.role is not FileRole.PROD or not isinstance(given, LabelsGiven) or not found:
            continue
        labels, definition = next(iter(found.items()))
        if len(found) > 1 or labels is None:
            yield Unknown(
                f"which labels `{symbol.name}` has: it is declared in a way that is not followed", definition.at
            )
        elif what := _differs(given, labels):
            yield _finding(symbol, given, definition, labels, what)
        else:
            yield Held(symbol.at)


def _differs(given: LabelsGiven, labels: tuple[str, ...]) -> str:
    extra = [name for name in given.names if name not in labels]
    if extra:
        return f"gives the label `{extra[0]}`, which it does not have"
    if given.count and given.count + len(given.names) != len(labels):
        return f"gives {given.count + len(given.names)} labels of {len(labels)}"
    missing = [label for label in labels if label not in given.names] if given.names and not given.count else []
    return f"leaves out the label `{missing[0]}`" if missing and given.all_needed else ""


def _finding(symbol: Symbol, given: LabelsGiven, definition: Symbol, labels: tuple[str, ...], what: str) -> Finding:
    listed = ", ".join(f"`{label}`" for label in labels) or "no label"
    extra = next((name for name in given.names if name not in labels), "")
    candidates = [Symbol(Kind.LABEL, Action.DEFINES, Exact(label), definition.at) for label in labels]
    near = nearest(extra, candidates).nearest if extra else ()
    return Finding(
        f"`{symbol.name}` is declared with {listed}; this call {what}, and raises",
        symbol.at,
        (Related(definition.at, f"declares {listed}"),),
        f"Write `{near[0].name}`" if near else f"Give {listed}, and no other",
        (str(symbol.name), what),
        symbol.component,
    )
