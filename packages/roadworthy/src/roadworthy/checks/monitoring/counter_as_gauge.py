"""An alert compares a counter's raw total with a number.

A counter only grows until its process restarts: once past the number the alert fires for ever, and a restart silences it
in the middle of the trouble.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: PaymentsFail
        expr: sum(payment_failures_total) > 5
```

```python title="app/metrics.py"
from prometheus_client import Counter

FAILURES = Counter("payment_failures_total", "Payments that failed.")
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: PaymentsFail
        expr: sum(increase(payment_failures_total[10m])) > 5
```

```python title="app/metrics.py"
from prometheus_client import Counter

FAILURES = Counter("payment_failures_total", "Payments that failed.")
```

## Repair

Put `rate(…[5m])` or `increase(…[10m])` around the counter, inside the aggregation. `delta` and `deriv` are for gauges.

## References

- https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
"""

from collections.abc import Iterator

from roadworthy.model.detail.expression import Comparison
from roadworthy.model.detail.metric import MetricDefinition, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))

_ORDER = frozenset({">", ">=", "<", "<="})
_DIFFERENCES = frozenset({"delta", "idelta", "deriv", "predict_linear"})


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look at what each comparison measures, and at the functions around each counter."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        detail = symbol.detail
        if isinstance(detail, Comparison) and symbol.role is FileRole.PROD and detail.purpose != "dashboard":
            yield from _compared(facts, symbol, detail)
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        use = symbol.detail
        if not isinstance(use, MetricUse) or symbol.role is not FileRole.PROD or use.purpose == "dashboard":
            continue
        wrong = next((name for name in use.within[::-1] if name in _DIFFERENCES), None)
        counter = _counter(facts, symbol)
        if wrong and counter is not None and use.within[-1] == wrong:
            yield Finding(
                f"{use.purpose} {use.user} takes `{wrong}` of `{symbol.name}`, which is a counter: a restart makes it negative",
                symbol.at,
                (Related(counter.at, f"`{symbol.name}` is a counter"),),
                f"Write `{'rate' if wrong == 'deriv' else 'increase'}` instead of `{wrong}`",
                (str(symbol.name), use.user),
            )
        elif counter is not None:
            yield Held(symbol.at)


def _compared(facts: Facts, symbol: Symbol, comparison: Comparison) -> Iterator[Finding | Held]:
    measure = comparison.measure
    raw = measure.form == "series" or (measure.form in ("share", "ratio") and not measure.rated)
    counter = _counter(facts, Symbol(Kind.METRIC, Action.REFERS, symbol.name, symbol.at)) if raw else None
    if counter is None or comparison.operator not in _ORDER:
        yield Held(symbol.at)
        return
    divided = "divides the raw totals" if measure.form != "series" else "compares the raw total"
    yield Finding(
        f"{comparison.purpose} {comparison.user} {divided} of `{symbol.name}`, a counter, with {comparison.number:g}: "
        "it counts since the process started",
        symbol.at,
        (Related(counter.at, f"`{symbol.name}` is a counter"),),
        f"Write `{'rate' if measure.form != 'series' else 'increase'}({symbol.name}[…])`",
        (str(symbol.name), comparison.user),
    )


def _counter(facts: Facts, reference: Symbol) -> Symbol | None:
    """Return the definition of a metric that is a counter for certain."""
    found = facts.resolve(reference)
    if not isinstance(found, Met):
        return None
    name = str(reference.name)
    for symbol in found.by:
        detail = symbol.detail
        if not isinstance(detail, MetricDefinition) or name.endswith("_created"):
            return None
        total = detail.type == "counter"
        parts = ("_bucket", "_count", "_sum") if detail.type == "histogram" else ("_count", "_sum")
        if not total and not (detail.type in ("histogram", "summary") and name.endswith(parts)):
            return None
    return found.by[0]
