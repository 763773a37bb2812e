"""An alert takes the rate of a gauge.

`rate`, `irate` and `increase` take every fall of a value for a restart of the process, so that each fall of a gauge is
added as growth: the number means nothing.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: QueueGrows
        expr: increase(queue_length[10m]) > 100
```

```python title="app/metrics.py"
from prometheus_client import Gauge

QUEUE = Gauge("queue_length", "Jobs that wait.")


def measure(jobs):
    QUEUE.set(len(jobs))
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: QueueGrows
        expr: delta(queue_length[10m]) > 100
```

```python title="app/metrics.py"
from prometheus_client import Gauge

QUEUE = Gauge("queue_length", "Jobs that wait.")


def measure(jobs):
    QUEUE.set(len(jobs))
```

## Repair

Write `delta` for `increase` and `deriv` for `rate`, compare the gauge itself, or declare the metric as a counter if it
only grows.

## References

- https://prometheus.io/docs/prometheus/latest/querying/functions/#delta
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricDefinition, MetricTouch, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))

_INSTEAD = {"rate": "deriv", "irate": "deriv", "increase": "delta", "resets": "changes"}
_FALLING = frozenset(
    {"set", "dec", "set_function", "set_to_current_time", "track_inprogress", "time", "passed", "state"}
)


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look at the functions around each metric that is a gauge for certain."""
    touches: dict[str, set[str]] = {}
    for touch in facts.details(Kind.METRIC, Action.REFERS, MetricTouch):
        if isinstance(touch.detail, MetricTouch):
            touches.setdefault(str(touch.name), set()).add(touch.detail.how)
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        use = symbol.detail
        if not isinstance(use, MetricUse) or symbol.role is not FileRole.PROD or use.purpose == "dashboard":
            continue
        inner = use.within[-1] if use.within else ""
        gauge = _gauge(facts, symbol, touches) if inner in _INSTEAD and use.range_seconds is not None else None
        if gauge is None:
            yield Held(symbol.at)
            continue
        yield Finding(
            f"{use.purpose} {use.user} takes `{inner}` of `{symbol.name}`, which is a gauge: each fall counts as growth",
            symbol.at,
            (Related(gauge.at, f"`{symbol.name}` is a gauge"),),
            f"Write `{_INSTEAD[inner]}` instead of `{inner}`, or compare the gauge itself",
            (str(symbol.name), use.user),
        )


def _gauge(facts: Facts, reference: Symbol, touches: dict[str, set[str]]) -> Symbol | None:
    """Return the definition of a metric that is a gauge and that something lowers or sets."""
    found = facts.resolve(reference)
    if not isinstance(found, Met):
        return None
    for symbol in found.by:
        detail = symbol.detail
        if not isinstance(detail, MetricDefinition) or detail.type != "gauge":
            return None
        done = touches.get(detail.variable, set())
        if detail.variable and done and not done & _FALLING:
            return None  # it is only ever incremented
    return found.by[0]
