"""An alert on the share of failing requests compares failures per second.

The number it was written for is a ratio: at a thousand requests a second it fires on one failure in a thousand, and on a
quiet night it sleeps through a total outage.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: HighErrorRate
        expr: sum(rate(http_requests_total{status=~"5.."}[5m])) > 0.05
        annotations:
          summary: More than 5% of the requests fail.
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: HighErrorRate
        expr: |
          sum(rate(http_requests_total{status=~"5.."}[5m]))
            / sum(rate(http_requests_total[5m]))
            > 0.05
        annotations:
          summary: More than 5% of the requests fail.
```

## Repair

Divide by the rate of all requests.

## References

- https://sre.google/workbook/alerting-on-slos/
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.expression import Comparison, Prose
from roadworthy.model.detail.metric import MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC}))

_FAILING = re.compile(r"error|fail|exception|5xx", re.IGNORECASE)
_STATUS = re.compile(r"5(\.\.?|xx|\d\d|\\d\\d|\[0-9\]).*", re.IGNORECASE)
_SHARE = re.compile(r"\d\s?%|percent|\bratio\b|proportion|fraction|humanizePercentage", re.IGNORECASE)
_NAMED = re.compile(r"(error|failure|5xx)s?[_ -]?(rate|ratio|percent\w*)", re.IGNORECASE)
_PER_TIME = re.compile(r"per[ -]?(sec|min|hour)|/ ?(s|sec|second|m|min|minute)\b|\brps\b|\bqps\b", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look at alerts whose words speak of a share and whose expression has no whole to be a share of."""
    uses: dict[tuple[str, str, str], list[MetricUse]] = defaultdict(list)
    recorded: dict[str, list[MetricUse]] = defaultdict(list)
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        if isinstance(symbol.detail, MetricUse):
            uses[symbol.at.path, symbol.detail.user, str(symbol.name)].append(symbol.detail)
            if symbol.detail.purpose == "recording rule":
                recorded[str(symbol.name)].append(symbol.detail)
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        detail = symbol.detail
        if not isinstance(detail, Comparison) or symbol.role is not FileRole.PROD or detail.purpose != "alert":
            continue
        words = _words(
            symbol, detail, uses[symbol.at.path, detail.user, detail.measure.metric] or recorded[detail.measure.metric]
        )
        if words is None:
            yield Held(symbol.at)
            continue
        what = "failures per second" if detail.measure.form == "rate" else "a number of failures"
        yield Finding(
            f"alert {detail.user} compares {what} (`{detail.measure.metric}`) with {detail.number:g}, and its words speak of a share",
            symbol.at,
            (Related(words.at, "speaks of a share of the requests"),),
            "Divide by the rate of all requests",
            (detail.user, detail.measure.metric),
        )


def _words(symbol: Symbol, comparison: Comparison, uses: list[MetricUse]) -> Prose | None:
    """Return the words that call for a share where the expression has none."""
    measure = comparison.measure
    if measure.form not in ("rate", "increase") or comparison.operator not in (">", ">=") or measure.factor != 1:
        return None
    if not _FAILING.search(measure.metric) and not any(_selects_failures(use) for use in uses):
        return None
    if any(_PER_TIME.search(prose.text) for prose in comparison.prose):
        return None
    spoken = next((p for p in comparison.prose if _SHARE.search(p.text)), None)
    if spoken is not None:
        return spoken
    below_one = measure.form == "rate" and 0 < comparison.number < 1
    return next((p for p in comparison.prose if _NAMED.search(p.text)), None) if below_one else None


def _selects_failures(use: MetricUse) -> bool:
    return any(m.operator in ("=", "=~") and _STATUS.fullmatch(m.value) for m in use.matchers)
