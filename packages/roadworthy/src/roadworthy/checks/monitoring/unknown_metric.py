"""An alert watches a metric the service never exports.

The rule loads, the dashboard is green, and the alert can never fire: the outage it was written for passes unseen.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: HighLatency
        expr: histogram_quantile(0.99, rate(http_request_latency_seconds_bucket[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Histogram

LATENCY = Histogram("http_request_duration_seconds", "Time to answer.")
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: HighLatency
        expr: histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Histogram

LATENCY = Histogram("http_request_duration_seconds", "Time to answer.")
```

## Repair

Name a metric the service exports, or export the one the rule needs. Add a rule unit test (`promtool test rules`) that
makes the alert fire.

## References

- https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from roadworthy.model.detail.metric import MetricDefinition, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the metrics that rules name with the metrics the code, its libraries and its exporters define."""
    histograms = {
        s.detail.family
        for s in facts.definitions(Kind.METRIC)
        if isinstance(s.detail, MetricDefinition) and s.detail.type == "histogram"
    }
    for reference in facts.references(Kind.METRIC):
        if reference.role is not FileRole.PROD or not isinstance(reference.detail, MetricUse):
            continue
        if reference.detail.purpose == "dashboard":
            continue
        if str(reference.name) in histograms:
            continue  # how a histogram is read is the matter of another rule
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(f"whether `{reference.name}` exists: {opening.reason}", opening.at)
            case Missing(nearest, rung):
                names = ", ".join(f"`{symbol.name}`" for symbol in nearest)
                user = f"{reference.detail.purpose} {reference.detail.user}"
                yield Finding(
                    f"{user} watches `{reference.name}`, which nothing exports"
                    + (f"; the nearest is {names} ({rung})" if nearest else ""),
                    reference.at,
                    tuple(Related(s.at, f"{_said(s.detail)} `{s.name}`") for s in nearest if not _built_in(s))
                    or _closest(facts, str(reference.name)),
                    f"Write `{nearest[0].name}` in the rule" if nearest else "Export this metric or remove the rule",
                    (str(reference.name), reference.detail.user),
                )


def _closest(facts: Facts, name: str) -> tuple[Related, ...]:
    """Return the declaration most like a name among those nothing asks for, or among all: what was perhaps meant."""
    declared = [
        s
        for s in facts.definitions(Kind.METRIC)
        if isinstance(s.detail, MetricDefinition) and s.detail.source == "code" and s.role is FileRole.PROD
    ]
    asked = {str(s.name) for s in facts.references(Kind.METRIC) if isinstance(s.detail, MetricUse)}
    free = [s for s in declared if str(s.name) not in asked and not str(s.name).endswith("_created")] or declared
    near = max(free[:200], key=lambda s: SequenceMatcher(None, str(s.name), name).ratio(), default=None)
    return (Related(near.at, f"the code declares `{near.name}`"),) if near is not None else ()


def _built_in(symbol: Symbol) -> bool:
    return symbol.at.path.startswith("(")


def _said(detail: object) -> str:
    return f"{detail.source} defines" if isinstance(detail, MetricDefinition) else "defines"
