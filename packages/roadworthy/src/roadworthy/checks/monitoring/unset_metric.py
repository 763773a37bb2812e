"""A metric is declared and never set.

Dashboards draw a flat line and alerts on it stay silent, while everyone believes the thing is watched.

## Fails

```python title="app/metrics.py"
from prometheus_client import Counter

PAYMENTS_FAILED = Counter("payments_failed_total", "Payments that did not go through.")
```

```python title="app/payments.py"
from app.metrics import PAYMENTS_FAILED


def pay(order, gateway) -> bool:
    return gateway.charge(order)
```

## Passes

```python title="app/metrics.py"
from prometheus_client import Counter

PAYMENTS_FAILED = Counter("payments_failed_total", "Payments that did not go through.")
```

```python title="app/payments.py"
from app.metrics import PAYMENTS_FAILED


def pay(order, gateway) -> bool:
    paid = gateway.charge(order)
    if not paid:
        PAYMENTS_FAILED.inc()
    return paid
```

## Repair

Increment or set the metric where the thing it names happens, or remove it with the rules that watch it.

## References

- https://prometheus.io/docs/practices/instrumentation/
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricDefinition, MetricTouch, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.METRICS, since="0.1", needs=frozenset({Kind.METRIC, Kind.LABEL_VALUE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a touch of every metric that code declares under a name of its own."""
    touched = {
        str(s.name)
        for s in facts.references(Kind.METRIC)
        if isinstance(s.detail, MetricTouch) and s.role is FileRole.PROD
    }
    unread = next((p for p in facts.problems if p.role is FileRole.PROD and Kind.LABEL_VALUE in p.hides), None)
    families: dict[str, list[tuple[Symbol, MetricDefinition]]] = {}
    for symbol in facts.definitions(Kind.METRIC):
        detail = symbol.detail
        if isinstance(detail, MetricDefinition) and detail.source == "code" and symbol.role is FileRole.PROD:
            families.setdefault(detail.family, []).append((symbol, detail))
    for family, series in sorted(families.items()):
        first, detail = series[0]
        if not isinstance(first.name, Exact) or any(not d.variable for _, d in series):
            continue
        if any(d.variable in touched for _, d in series):
            yield Held(first.at)
            continue
        if unread is not None:
            yield Unknown(f"whether `{family}` is set somewhere: {unread.at.path} cannot be read", unread.at)
            continue
        names = {str(s.name) for s, _ in series}
        watching = [
            s for s in facts.references(Kind.METRIC) if isinstance(s.detail, MetricUse) and str(s.name) in names
        ]
        yield Finding(
            f"`{family}` is declared as `{detail.variable}` and nothing ever sets it",
            first.at,
            tuple(Related(s.at, f"{_user(s)} watches it") for s in watching[:3]) or _others(facts, first),
            f"Set `{detail.variable}` where the thing it names happens, or remove it",
            (family,),
            first.component,
        )


def _others(facts: Facts, declared: Symbol) -> tuple[Related, ...]:
    """Return the place where code sets a metric: what was declared is not set there."""
    touches = [
        s for s in facts.references(Kind.METRIC) if isinstance(s.detail, MetricTouch) and s.detail.how != "passed"
    ]
    first = next((s for s in touches if s.role is FileRole.PROD and s.at != declared.at), None)
    return (Related(first.at, f"sets `{first.name}`, and nothing sets this one"),) if first is not None else ()


def _user(symbol: Symbol) -> str:
    return f"{symbol.detail.purpose} {symbol.detail.user}" if isinstance(symbol.detail, MetricUse) else "something"
