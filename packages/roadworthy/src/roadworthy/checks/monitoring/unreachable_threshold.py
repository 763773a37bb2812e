"""An alert compares something with a number it can never reach, or always passes.

A quantile is never above the last bucket of its histogram, a share never above 1, and a bucket that is not declared has
no series: the alert is silent in every outage, or fires on every quiet day.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: Slow
        expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 30
```

```python title="app/metrics.py"
from prometheus_client import Histogram

LATENCY = Histogram("http_request_duration_seconds", "Time to answer.", buckets=(0.1, 0.25, 0.5, 1, 2.5))
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: Slow
        expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5
```

```python title="app/metrics.py"
from prometheus_client import Histogram

LATENCY = Histogram("http_request_duration_seconds", "Time to answer.", buckets=(0.1, 0.25, 0.5, 1, 2.5))
```

## Repair

Compare in the unit of the metric (seconds, not milliseconds; shares from 0 to 1, not percent), and give the histogram a
bucket at the number and one above it.

## References

- https://prometheus.io/docs/practices/histograms/#errors-of-quantile-estimation
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from roadworthy.model.detail.expression import Comparison, Measure
from roadworthy.model.detail.metric import LabelUse, MetricDefinition
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))

_SWITCHES = frozenset({"up", "probe_success"})
# Between bounds further apart than this, an estimate says nothing of a number between them.
_WIDEST = 5.0
_PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)")


@dataclass(frozen=True, slots=True)
class _Limits:
    """Between which numbers a measure lies, why, and where that is said."""

    low: float
    high: float
    why: str
    at: Span | None = None
    buckets: tuple[float, ...] = ()


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare each number with the limits of what is measured, and each bucket asked for with those declared."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        detail = symbol.detail
        if isinstance(detail, Comparison) and symbol.role is FileRole.PROD and detail.purpose != "dashboard":
            yield from _compared(facts, symbol, detail)
    for symbol in facts.references(Kind.LABEL_VALUE):
        use = symbol.detail
        if not isinstance(use, LabelUse) or use.label != "le" or use.operator != "=" or use.purpose == "dashboard":
            continue
        if symbol.role is FileRole.PROD:
            yield from _bucket(facts, symbol, use)


def _compared(facts: Facts, symbol: Symbol, comparison: Comparison) -> Iterator[Finding | Unknown | Held]:
    limits = _limits(facts, symbol, comparison.measure)
    if limits is None:
        return
    if isinstance(limits, Unknown):
        yield limits
        return
    scaled = sorted((_scaled(comparison.measure, limits.low), _scaled(comparison.measure, limits.high)))
    verdict = _verdict(comparison.operator, comparison.number, scaled[0], scaled[1])
    base = _base(comparison.measure, comparison.number)
    said = f"{comparison.purpose} {comparison.user} compares with {comparison.number:g}"
    if verdict:
        yield _finding(symbol, comparison, limits, f"{said}, {verdict}: {limits.why}", _cure(comparison, limits))
    elif (gap := _gap(limits.buckets, base)) is not None and comparison.measure.form == "quantile":
        wide = (
            f"{said}, which lies between the buckets {gap[0]:g} and {gap[1]:g}: no estimate tells on which side it is"
        )
        yield _finding(symbol, comparison, limits, wide, f"Give the histogram a bucket at {base:g}")
    elif mistaken := _percent(comparison, base):
        yield _finding(symbol, comparison, limits, f"{said}, which is {mistaken}", _cure(comparison, limits))
    else:
        yield Held(symbol.at)


def _finding(symbol: Symbol, comparison: Comparison, limits: _Limits, message: str, repair: str) -> Finding:
    sides = (Related(limits.at, limits.why),) if limits.at is not None and not limits.at.path.startswith("(") else ()
    return Finding(message, symbol.at, sides, repair, (comparison.user, comparison.measure.metric))


def _limits(facts: Facts, symbol: Symbol, measure: Measure) -> _Limits | Unknown | None:
    """Return the limits of the core of a measure, None where it has none that are known."""
    found = facts.resolve(Symbol(Kind.METRIC, Action.REFERS, Exact(measure.metric), symbol.at))
    at = found.by[0].at if isinstance(found, Met) else None
    if measure.form == "share":
        return None if measure.summed else _Limits(0.0, 1.0, "a part divided by the whole lies between 0 and 1", at)
    if measure.form == "ratio":
        return _Limits(-inf, inf, "one rate divided by another is a ratio, not a percentage", at)
    if measure.form == "series" and measure.metric in _SWITCHES:
        return None if measure.summed else _Limits(0.0, 1.0, f"`{measure.metric}` is 0 or 1")
    definitions = (
        [(s, s.detail) for s in found.by if isinstance(s.detail, MetricDefinition)] if isinstance(found, Met) else []
    )
    if not definitions:
        return None
    if measure.form == "quantile":
        return _of_quantile(definitions, measure)
    grows = all(detail.type in ("counter", "histogram", "summary") for _, detail in definitions)
    if measure.form in ("rate", "increase", "series") and grows and not measure.metric.endswith("_created"):
        name = measure.metric
        return _Limits(
            0.0, inf, f"`{name}` only grows, its {'value' if measure.form == 'series' else 'rate'} is 0 or more", at
        )
    return None


def _of_quantile(definitions: list[tuple[Symbol, MetricDefinition]], measure: Measure) -> _Limits | Unknown | None:
    known = {detail.buckets for _, detail in definitions}
    first, detail = definitions[0]
    if measure.summed or detail.type != "histogram":
        return None
    if len(known) > 1 or not detail.buckets:
        return Unknown(f"which buckets `{detail.family or measure.metric}` has", first.at)
    low, high = detail.buckets[0], detail.buckets[-1]
    floor = low * (measure.quantile or 0.0) if low > 0 else low
    own = "" if detail.buckets_at else " (the library's own)"
    why = f"the buckets of `{detail.family}` reach from {low:g} to {high:g}{own}"
    return _Limits(floor, high, why, detail.buckets_at or first.at, detail.buckets)


def _scaled(measure: Measure, core: float) -> float:
    return core * measure.factor + measure.offset if measure.factor else measure.offset


def _base(measure: Measure, number: float) -> float:
    """Return the number in the unit of the core."""
    return (number - measure.offset) / measure.factor if measure.factor else number


def _verdict(operator: str, number: float, low: float, high: float) -> str:
    never, always = "which it can never reach", "which it always does"
    slack = 1e-9 * max(abs(number), 1.0)
    match operator:
        case ">":
            return never if number >= high - slack else always if number < low - slack else ""
        case ">=":
            return never if number > high + slack else always if number <= low + slack else ""
        case "<":
            return never if number <= low + slack else always if number > high + slack else ""
        case "<=":
            return never if number < low - slack else always if number >= high - slack else ""
        case "==":
            return never if number < low - slack or number > high + slack else ""
    return ""


def _gap(buckets: tuple[float, ...], number: float) -> tuple[float, float] | None:
    for low, high in pairwise(buckets):
        if low < number < high and low > 0 and high / low > _WIDEST:
            return low, high
    return None


def _percent(comparison: Comparison, base: float) -> str:
    """Return what a share is compared with where the words of the alert say a hundred times more or less."""
    if comparison.measure.form not in ("share", "ratio") or base <= 0:
        return ""
    said = {float(text) for prose in comparison.prose for text in _PERCENT.findall(prose.text)}
    if any(abs(base * 100 - percent) < 1e-6 or abs(100 - base * 100 - percent) < 1e-6 for percent in said):
        return ""
    meant = next((p for p in sorted(said) if p and abs(base * 100 / p - 100) < 1e-6), None)
    meant = meant or next((p for p in sorted(said) if p and abs(base * 100 / p - 0.01) < 1e-9), None)
    return "" if meant is None else f"{base * 100:g} %, and its words say {meant:g} %"


def _cure(comparison: Comparison, limits: _Limits) -> str:
    base = _base(comparison.measure, comparison.number)
    if comparison.measure.form in ("share", "ratio"):
        return f"Write {comparison.number / 100:g}, or multiply the ratio by 100"
    if limits.buckets and comparison.measure.metric.removesuffix("_bucket").endswith("_seconds"):
        milliseconds = base / 1000
        if limits.low <= milliseconds < limits.high:
            return f"Write {comparison.number / 1000:g}: the metric is in seconds"
    if limits.buckets and base > limits.buckets[-1]:
        return f"Give the histogram buckets up to more than {base:g}, or compare with less than {limits.high:g}"
    if limits.buckets:
        return f"Give the histogram buckets on both sides of {base:g}"
    return "Compare with a number it can be on both sides of"


def _bucket(facts: Facts, symbol: Symbol, use: LabelUse) -> Iterator[Finding | Unknown | Held]:
    """Look up a bucket that is selected by its bound."""
    sought = str(symbol.name)
    found = facts.resolve(Symbol(Kind.METRIC, Action.REFERS, Exact(use.metric), symbol.at))
    definitions = (
        [(s, s.detail) for s in found.by if isinstance(s.detail, MetricDefinition)] if isinstance(found, Met) else []
    )
    if not definitions or any(detail.type != "histogram" for _, detail in definitions) or sought == "+Inf":
        return
    first, detail = definitions[0]
    if any(d.buckets is None or d.buckets != detail.buckets for _, d in definitions) or not detail.buckets:
        yield Unknown(f"which buckets `{detail.family or use.metric}` has", first.at)
        return
    try:
        number = float(sought)
    except ValueError:
        return
    python = first.at.path.endswith(".py")
    if number in detail.buckets and not (python and sought != repr(number)):
        yield Held(symbol.at)
        return
    listed = ", ".join(f"{bound:g}" for bound in detail.buckets)
    same = number in detail.buckets
    nearest = min(detail.buckets, key=lambda bound: abs(bound - number))
    yield Finding(
        f'{use.purpose} {use.user} selects the bucket `le="{sought}"` of `{use.metric}`, '
        + (f"which is written `{number!r}`" if same else f"which has none there: {listed}"),
        symbol.at,
        (Related(detail.buckets_at or first.at, f"the buckets of `{detail.family}`: {listed}"),),
        f'Write `le="{nearest!r}"`' + ("" if same else f", or declare a bucket at {number:g}"),
        (use.user, use.metric),
    )
