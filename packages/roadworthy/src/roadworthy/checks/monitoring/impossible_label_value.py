"""An alert asks for a label value that is never set.

The metric and its label exist, so nothing looks wrong: the alert selects no series and stays silent for ever.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ManyErrors
        expr: sum(rate(http_requests_total{status="5xx"}[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "status"])


def count(request, response):
    REQUESTS.labels(request.method, response.status_code).inc()
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ManyErrors
        expr: sum(rate(http_requests_total{status=~"5.."}[5m])) > 1
```

```python title="app/metrics.py"
from prometheus_client import Counter

REQUESTS = Counter("http_requests_total", "Requests.", ["method", "status"])


def count(request, response):
    REQUESTS.labels(request.method, response.status_code).inc()
```

## Repair

Select values the code sets: single status codes with `=~"5.."`, classes with `="5xx"`. Regular expressions of Prometheus
match the whole value.

## References

- https://prometheus.io/docs/prometheus/latest/querying/basics/#time-series-selectors
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.metric import LabelUse, LabelValue, MetricDefinition
from roadworthy.model.detail.prometheus import PrometheusConfiguration, ScrapeReach, ScrapeTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC, Kind.LABEL_VALUE}))

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_DOMAINS: dict[str, tuple[str, ...]] = {
    "status-code": tuple(str(code) for code in range(100, 600)),
    "status-class": ("1xx", "2xx", "3xx", "4xx", "5xx"),
    "method": _METHODS,
    "integer": tuple(str(number) for number in range(2000)),
}
_SAYS = {
    "status-code": "status codes such as `200`",
    "status-class": "classes such as `2xx`",
    "method": "methods in capitals",
    "integer": "whole numbers",
}
# Labels whose values are written in two ways; where nothing is known of the values of others, nothing is examined.
_STATUS = frozenset({"status", "status_code", "code", "http_status", "status_class"})
# A group that repeats and holds a repetition can take exponential time; such expressions are not tried.
_DANGEROUS = re.compile(r"\([^()]*[+*}][^()]*\)[+*{]")
_LONGEST = 200


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Try each matcher against every value its label can have."""
    for reference in facts.references(Kind.LABEL_VALUE):
        use = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(use, LabelUse) or use.purpose == "dashboard":
            continue
        sought = str(reference.name)
        if sought in ("", ".*", ".+") or "$" in sought.removesuffix("$") or "{{" in sought:
            continue
        values = [
            s
            for s in facts.definitions(Kind.LABEL_VALUE)
            if isinstance(s.detail, LabelValue) and s.detail.metric == use.metric and s.detail.label == use.label
        ]
        if not values and use.label == "job":
            yield from _job(facts, reference, use, sought)
        elif values or use.label in _STATUS:
            yield from _judge(facts, reference, use, sought, values)


def _judge(
    facts: Facts, reference: Symbol, use: LabelUse, sought: str, values: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    possible = [text for symbol in values for text in _texts(symbol)]
    found = _selects(use.operator, sought, possible)
    if found:
        yield Held(reference.at)
        return
    slot = f"{use.metric}{{{use.label}}}"
    opening = next((o for o in facts.openings(Kind.LABEL_VALUE) if o.covers is None or o.covers.matches(slot)), None)
    if opening is not None:
        yield Unknown(f"whether `{use.label}` of `{use.metric}` can be `{sought}`: {opening.reason}", opening.at)
    elif not values:
        return
    elif found is None:
        yield Unknown(f"whether `{sought}` matches a value of `{use.label}`: it is not tried", reference.at)
    elif use.operator.startswith("=") or any(
        isinstance(s.detail, LabelValue) and s.detail.domain != "exact" for s in values
    ):
        yield _impossible(reference, use, sought, values)
    else:
        yield Held(reference.at)


def _texts(symbol: Symbol) -> tuple[str, ...]:
    if isinstance(symbol.name, Exact):
        return (symbol.name.text,)
    return _DOMAINS.get(symbol.detail.domain, ()) if isinstance(symbol.detail, LabelValue) else ()


def _selects(operator: str, sought: str, possible: list[str]) -> bool | None:
    """Tell whether a matcher's text fits one of the values; None where that is not tried."""
    if operator in ("=", "!="):
        return sought in possible
    if len(sought) > _LONGEST or _DANGEROUS.search(sought):
        return None
    try:
        pattern = re.compile(sought.replace("(?i)", "", 1), re.IGNORECASE if sought.startswith("(?i)") else 0)
    except re.error:
        return None
    return any(pattern.fullmatch(text) for text in possible if len(text) <= _LONGEST)


def _impossible(reference: Symbol, use: LabelUse, sought: str, values: list[Symbol]) -> Finding:
    said = sorted({_said(symbol) for symbol in values})
    listed = ", ".join(said[:6]) + (" …" if len(said) > 6 else "")
    effect = "selects" if use.operator.startswith("=") else "leaves out"
    places = dict.fromkeys(symbol.at for symbol in values)
    domains = {symbol.detail.domain for symbol in values if isinstance(symbol.detail, LabelValue)}
    return Finding(
        f'{use.purpose} {use.user} {effect} `{use.label}{use.operator}"{sought}"`, a value `{use.metric}` never has: '
        f"it has {listed}",
        reference.at,
        tuple(Related(at, f"`{use.label}` gets {listed}") for at in list(places)[:3]),
        _repair(use, sought, domains),
        (use.metric, use.label, use.user, sought),
    )


def _said(symbol: Symbol) -> str:
    if isinstance(symbol.name, Exact):
        return f"`{symbol.name.text}`"
    return _SAYS.get(symbol.detail.domain, "") if isinstance(symbol.detail, LabelValue) else ""


def _repair(use: LabelUse, sought: str, domains: set[str]) -> str:
    digit = re.match(r"\^?([1-5])", sought)
    if digit and "status-code" in domains:
        return f'Write `{use.label}=~"{digit[1]}.."`: the metric carries single status codes'
    if digit and "status-class" in domains:
        return f'Write `{use.label}="{digit[1]}xx"`: the metric carries classes'
    if "method" in domains:
        return f'Write `{use.label}="{sought.upper()}"`'
    return "Select one of these values, or set the one that is sought"


def _job(facts: Facts, reference: Symbol, use: LabelUse, sought: str) -> Iterator[Finding | Unknown | Held]:
    """Compare `job` with the jobs of the scrape configuration, where that is written here and nothing renames them."""
    configured = [
        s.detail
        for s in facts.definitions(Kind.CONSTRUCT)
        if isinstance(s.detail, PrometheusConfiguration) and s.role is FileRole.PROD
    ]
    targets = [
        (s, s.detail.form)
        for s in facts.definitions(Kind.JOB)
        if isinstance(s.detail, ScrapeTarget) and s.role is FileRole.PROD and s.detail.form != "annotation"
    ]
    jobs = [job for job, _ in targets]
    monitored = any(form.endswith("Monitor") for _, form in targets)
    if not configured or not all(configuration.jobs_known for configuration in configured) or not jobs or monitored:
        return
    reached = {
        s.component
        for s in facts.references(Kind.JOB)
        if isinstance(s.detail, ScrapeReach) and s.detail.through != "pod"
    }
    if any(
        isinstance(s.detail, MetricDefinition) and s.detail.source in ("pushed", "script") and str(s.name) == use.metric
        for s in facts.definitions(Kind.METRIC)
    ):
        return  # what pushes it names the job
    ours = {c.id for c in facts.components if c.ours and c.kind is ComponentKind.SERVICE}
    if ours and not ours & reached:
        return  # that no job reaches the service is the finding of another rule
    found = _selects(use.operator, sought, [str(job.name) for job in jobs])
    if found:
        yield Held(reference.at)
    elif found is not None and use.operator.startswith("=") and not _remote(facts, use):
        names = ", ".join(sorted({f"`{job.name}`" for job in jobs}))
        yield Finding(
            f'{use.purpose} {use.user} selects `job{use.operator}"{sought}"`, but Prometheus scrapes only {names}',
            reference.at,
            tuple(Related(job.at, f"the job `{job.name}`") for job in jobs[:5]),
            "Name one of these jobs, or add the job to the scrape configuration",
            (use.metric, "job", use.user, sought),
        )


def _remote(facts: Facts, use: LabelUse) -> bool:
    """Tell whether the series may come from a Prometheus other than the one configured here."""
    return any(
        opening.covers is not None and opening.covers.matches(use.metric) for opening in facts.openings(Kind.METRIC)
    )
