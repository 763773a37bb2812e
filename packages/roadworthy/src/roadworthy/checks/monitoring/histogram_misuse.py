"""An expression reads a histogram in a way that gives nothing, or a wrong number.

A histogram has no series under its own name; a quantile needs the rate of its buckets, with their bounds (`le`) kept
apart; and buckets are cumulative, so that adding them up counts the same request many times.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: Slow
        expr: histogram_quantile(0.95, sum by (job) (rate(http_request_duration_seconds_bucket[5m]))) > 1
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
      - alert: Slow
        expr: histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m]))) > 1
```

```python title="app/metrics.py"
from prometheus_client import Histogram

LATENCY = Histogram("http_request_duration_seconds", "Time to answer.")
```

## Repair

Write `histogram_quantile(0.95, sum by (le) (rate(NAME_bucket[5m])))`; a mean is `rate(NAME_sum[5m]) /
rate(NAME_count[5m])`. Quantiles of a summary cannot be averaged: use a histogram.

## References

- https://prometheus.io/docs/practices/histograms/
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricDefinition, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))

_QUANTILE = frozenset({"histogram_quantile", "histogram_fraction"})
_RATED = frozenset({"rate", "irate", "increase", "delta", "xrate", "xincrease"})
_ADDING = frozenset({"sum", "avg", "max", "min"})
_THERE = frozenset({"absent", "absent_over_time", "count", "group", "present_over_time", "count_over_time"})


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look at how each expression reads what a histogram or summary stores."""
    families: dict[str, Symbol] = {}
    for symbol in facts.definitions(Kind.METRIC):
        if isinstance(symbol.detail, MetricDefinition) and symbol.detail.type == "histogram":
            families.setdefault(symbol.detail.family, symbol)
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        use = symbol.detail
        if not isinstance(use, MetricUse) or symbol.role is not FileRole.PROD or use.purpose == "dashboard":
            continue
        found = facts.resolve(symbol)
        definition = found.by[0] if isinstance(found, Met) else families.get(str(symbol.name))
        if definition is None or not isinstance(definition.detail, MetricDefinition):
            continue
        if (
            isinstance(found, Met)
            and len({d.detail.type for d in found.by if isinstance(d.detail, MetricDefinition)}) > 1
        ):
            continue
        said = _misuse(str(symbol.name), use, definition.detail, bare=not isinstance(found, Met))
        if said is None:
            yield Held(symbol.at)
            continue
        wrong, repair = said
        yield Finding(
            f"{use.purpose} {use.user} {wrong}",
            symbol.at,
            () if definition.at.path.startswith("(") else (Related(definition.at, _is(definition)),),
            repair,
            (str(symbol.name), use.user),
        )


def _is(definition: Symbol) -> str:
    detail = definition.detail
    kind = detail.type if isinstance(detail, MetricDefinition) else ""
    name = detail.family if isinstance(detail, MetricDefinition) and detail.family else definition.name
    return f"`{name}` is a {kind or 'metric'}"


def _misuse(name: str, use: MetricUse, definition: MetricDefinition, *, bare: bool) -> tuple[str, str] | None:
    """Return what is wrong and what to write instead; None where nothing is wrong."""
    quantile = next((function for function in use.within if function in _QUANTILE), "")
    if bare:
        return (
            f"reads `{name}`, a histogram, which has no series of that name",
            f"Read `{name}_bucket` for a quantile, `{name}_sum` and `{name}_count` for a mean",
        )
    if quantile and definition.source != "recording rule":
        return _of_quantile(name, use, definition, quantile)
    matched = {matcher.label for matcher in use.matchers}
    if definition.type == "histogram" and name.endswith("_bucket") and not quantile:
        added = not use.bounds_kept and set(use.within) & _ADDING and not set(use.within) & _THERE
        if added and "le" not in matched:
            return (
                f"adds up all buckets of `{name}`: they are cumulative, each request is counted many times",
                f"Read `{name.removesuffix('_bucket')}_count`, or select one bucket with `le`",
            )
    if definition.type == "summary" and "quantile" in matched and set(use.within) & {"avg", "sum"}:
        return (
            f"averages quantiles of `{name}`, a summary: the average of quantiles is no quantile",
            "Declare a histogram, and take the quantile of the sum of its buckets",
        )
    return None


def _of_quantile(name: str, use: MetricUse, definition: MetricDefinition, quantile: str) -> tuple[str, str] | None:
    inside = use.within[use.within.index(quantile) + 1 :]
    if definition.type and (definition.type != "histogram" or not name.endswith("_bucket")):
        what = f"a {definition.type}" if definition.type != "histogram" else "not the buckets of the histogram"
        meant = f"`{definition.family}_bucket`" if definition.type == "histogram" else "the buckets of a histogram"
        return f"takes `{quantile}` of `{name}`, which is {what}", f"Take it of {meant}"
    if definition.type == "histogram" and not set(inside) & _RATED:
        return (
            f"takes `{quantile}` of `{name}` without a rate: it speaks of all requests since the process started",
            f"Write `rate({name}[5m])`",
        )
    if definition.type == "histogram" and not use.bounds_kept:
        return (
            f"takes `{quantile}` of `{name}` after its label `le` was grouped away: the result is empty",
            "Add `le` to the `by (…)`",
        )
    return None
