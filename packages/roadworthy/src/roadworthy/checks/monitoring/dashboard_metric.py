"""A panel shows a metric that the service does not export.

The panel says "No data", which looks like a quiet night.

## Fails

```json title="grafana/dashboards/shop.json"
{
  "title": "Shop",
  "panels": [
    {
      "title": "Orders",
      "datasource": {"type": "prometheus", "uid": "prometheus"},
      "targets": [{"expr": "sum(rate(orders_created_total[$__rate_interval]))"}]
    }
  ]
}
```

```python title="app/metrics.py"
from prometheus_client import Counter

ORDERS = Counter("shop_orders_created_total", "Orders taken.")
```

## Passes

```json title="grafana/dashboards/shop.json"
{
  "title": "Shop",
  "panels": [
    {
      "title": "Orders",
      "datasource": {"type": "prometheus", "uid": "prometheus"},
      "targets": [{"expr": "sum(rate(shop_orders_created_total[$__rate_interval]))"}]
    }
  ]
}
```

```python title="app/metrics.py"
from prometheus_client import Counter

ORDERS = Counter("shop_orders_created_total", "Orders taken.")
```

## Repair

Name a metric the service exports. Rename metrics together with the dashboards and alerts that read them.

## References

- https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricDefinition, MetricUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing, Resolution, Rung
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.DASHBOARDS, since="0.1", needs=frozenset({Kind.METRIC, Kind.DASHBOARD}))

Statement = Finding | Unknown | Held


def check(facts: Facts) -> Iterator[Statement]:
    """Compare what panels name with what the code, its libraries and the exporters beside it define."""
    uses = [
        (s, s.detail)
        for s in facts.references(Kind.METRIC)
        if isinstance(s.detail, MetricUse) and s.detail.purpose == "dashboard" and s.role is FileRole.PROD
    ]
    if not uses:
        return
    found: dict[str, Resolution] = {}
    histograms: dict[str, Symbol] = {}
    for symbol in facts.definitions(Kind.METRIC):
        if isinstance(symbol.detail, MetricDefinition) and symbol.detail.type == "histogram":
            histograms.setdefault(symbol.detail.family, symbol)
    for symbol, _ in uses:
        if str(symbol.name) not in found:
            found[str(symbol.name)] = facts.resolve(symbol)
    ours = _ours(facts)
    reported: set[tuple[str, str]] = set()
    for symbol, use in uses:
        answer = found[str(symbol.name)]
        if isinstance(answer, Met):
            yield Held(symbol.at)
        elif (symbol.at.path, str(symbol.name)) not in reported:
            reported.add((symbol.at.path, str(symbol.name)))
            yield _missing(symbol, use, answer, histograms.get(str(symbol.name)), ours)


def _ours(facts: Facts) -> set[str]:
    """Return the first words of the metrics that code declares."""
    return {
        str(s.name).partition("_")[0]
        for s in facts.definitions(Kind.METRIC)
        if isinstance(s.detail, MetricDefinition) and s.detail.source == "code" and isinstance(s.name, Exact)
    }


def _missing(symbol: Symbol, use: MetricUse, answer: Resolution, histogram: Symbol | None, ours: set[str]) -> Statement:
    if histogram is not None:
        return Finding(
            f"panel {use.user} shows `{symbol.name}`, a histogram, which has no series of that name",
            symbol.at,
            (Related(histogram.at, f"`{symbol.name}` is a histogram"),),
            f"Show `{symbol.name}_bucket`, `{symbol.name}_sum` or `{symbol.name}_count`",
            (str(symbol.name), use.user),
        )
    if isinstance(answer, CannotTell):
        return Unknown(f"whether `{symbol.name}` exists: {answer.opening.reason}", answer.opening.at)
    if not isinstance(answer, Missing):
        return Held(symbol.at)
    near = [s for s in answer.nearest if isinstance(s.detail, MetricDefinition) and not s.at.path.startswith("(")]
    if (not near or answer.rung is Rung.NONE) and str(symbol.name).partition("_")[0] not in ours:
        return Unknown(f"whether something outside this repository exports `{symbol.name}`", symbol.at)
    names = ", ".join(f"`{s.name}`" for s in near)
    return Finding(
        f"panel {use.user} shows `{symbol.name}`, which nothing exports"
        + (f"; the nearest is {names} ({answer.rung})" if near else ""),
        symbol.at,
        tuple(Related(s.at, f"defines `{s.name}`") for s in near),
        f"Write `{near[0].name}` in the panel" if near else "Export this metric or remove the panel",
        (str(symbol.name), use.user),
    )
