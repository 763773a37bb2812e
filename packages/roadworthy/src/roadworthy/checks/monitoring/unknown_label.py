"""An alert asks for a label the metric does not have.

A matcher on it selects nothing, grouping by it gives one nameless group, and an annotation that shows it is blank: the
alert stays silent or does not say what is broken.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ErrorsOnRoute
        expr: sum by (endpoint) (rate(http_requests_total{status_code="500"}[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "endpoint", "status"])
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ErrorsOnRoute
        expr: sum by (endpoint) (rate(http_requests_total{status="500"}[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "endpoint", "status"])
```

## Repair

Use a label the metric declares, or declare the label where the metric is defined. Labels that the scrape configuration
gives its targets (`job`, `instance` and what `static_configs` or relabelling add) are known as well. What an annotation
shows must still be there after the expression's last `by`.

## References

- https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.metric import LabelDefinition, LabelUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing, Rung, nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC, Kind.LABEL}))

_ASKS = {
    "matcher": "selects by",
    "by": "groups by",
    "on": "joins on",
    "label_replace": "rewrites",
    "annotation": "shows",
}
_STATUS = frozenset({"status", "status_code", "code", "http_status", "http_code", "response_code", "status_class"})
_ROUTE = frozenset({"route", "path", "endpoint", "handler", "uri", "url", "path_template", "view"})
_VERB = frozenset({"method", "http_method", "verb", "request_method"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the labels that expressions and annotations ask for with those the series can carry."""
    own = _own(facts)
    for reference in facts.references(Kind.LABEL):
        use = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(use, LabelUse):
            continue
        if use.label == "le" and use.by == "by":
            continue  # how a histogram is read is the matter of another rule
        if use.remaining is not None:
            yield _grouped_away(reference, use)
            continue
        if use.purpose == "dashboard" and use.label.startswith("__"):
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                near = _near(own[use.metric], use)
                metric = Symbol(Kind.METRIC, Action.REFERS, Exact(use.metric), reference.at)
                if isinstance(facts.resolve(metric), Missing):
                    continue  # the missing metric is the finding of another rule
                if near:
                    yield _unknown(facts, reference, use, near, own[use.metric])
                else:
                    at = reference.at if opening.at.path.startswith("(") else opening.at
                    yield Unknown(f"whether `{use.metric}` has the label `{use.label}`: {opening.reason}", at)
            case _:
                yield _unknown(facts, reference, use, _near(own[use.metric], use), own[use.metric])


Own = list[tuple[Symbol, LabelDefinition]]


def _own(facts: Facts) -> dict[str, Own]:
    """Return the labels that declarations name, by metric."""
    found: dict[str, Own] = defaultdict(list)
    for symbol in facts.definitions(Kind.LABEL):
        if isinstance(symbol.detail, LabelDefinition) and symbol.detail.own:
            found[symbol.detail.metric].append((symbol, symbol.detail))
    return found


def _near(own: Own, use: LabelUse) -> str:
    """Return the label of the metric's own that must have been meant, "" where none is that near."""
    labels = [detail.label for _, detail in own]
    for alike in (_STATUS, _ROUTE, _VERB):
        meant = [label for label in labels if label in alike]
        if use.label in alike and len(meant) == 1:
            return meant[0]
    candidates = [Symbol(Kind.LABEL, Action.DEFINES, Exact(d.label), s.at) for s, d in own]
    found = nearest(use.label, candidates)
    return str(found.nearest[0].name) if found.nearest and found.rung is not Rung.NONE else ""


def _unknown(facts: Facts, reference: Symbol, use: LabelUse, near: str, own: Own) -> Finding:
    listed = ", ".join(f"`{detail.label}`" for _, detail in own)
    has = f"its labels are {listed}" if own else "it has no labels of its own"
    places = dict.fromkeys(symbol.at for symbol, _ in own) or dict.fromkeys(
        s.at for s in facts.definitions(Kind.METRIC) if str(s.name) == use.metric
    )
    what = "panel" if use.purpose == "dashboard" else use.purpose
    return Finding(
        f"{what} {use.user} {_ASKS.get(use.by, 'asks for')} `{use.label}`, which `{use.metric}` does not have: {has}",
        reference.at,
        tuple(Related(at, f"defines `{use.metric}`; {has}") for at in places if not at.path.startswith("(")),
        f"Write `{near}` instead of `{use.label}`"
        if near
        else f"Use one of its labels, or add `{use.label}` to the metric",
        (use.metric, use.label, use.user),
    )


def _grouped_away(reference: Symbol, use: LabelUse) -> Finding:
    left = ", ".join(f"`{label}`" for label in use.remaining or ()) or "no label"
    return Finding(
        f"alert {use.user} shows `{use.label}`, which its expression has grouped away: {left} remains",
        reference.at,
        (Related(use.grouped_at, f"groups, and {left} remains"),) if use.grouped_at else (),
        f"Add `{use.label}` to the outermost `by (…)`, or show a label that remains",
        (use.user, use.label),
    )
