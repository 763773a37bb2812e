"""A rate looks back over less than two scrapes.

A rate needs two samples. Over a shorter time there is often one or none, the result is empty, and the alert comes and goes
or never fires.

## Fails

```yaml title="prometheus/prometheus.yml"
global:
  scrape_interval: 1m
rule_files:
  - rules.yml
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: Errors
        expr: rate(http_requests_total{job="api", status="500"}[1m]) > 0
```

## Passes

```yaml title="prometheus/prometheus.yml"
global:
  scrape_interval: 15s
rule_files:
  - rules.yml
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: Errors
        expr: rate(http_requests_total{job="api", status="500"}[1m]) > 0
```

## Repair

Look back over at least four scrape intervals, so that one lost scrape does no harm.

## References

- https://www.robustperception.io/what-range-should-i-use-with-rate/
"""

from collections.abc import Iterator

from roadworthy.model.detail.metric import MetricUse
from roadworthy.model.detail.prometheus import ScrapeReach, ScrapeTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC, Kind.JOB}))

_NEED_TWO = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the range of each rate with the interval of the jobs that may scrape its metric."""
    jobs = [
        (s, s.detail)
        for s in facts.definitions(Kind.JOB)
        # What asks by annotation to be scraped is scraped by a job of discovery, as often as that one says.
        if isinstance(s.detail, ScrapeTarget) and s.role is FileRole.PROD and s.detail.form != "annotation"
    ]
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        use = symbol.detail
        if not isinstance(use, MetricUse) or symbol.role is not FileRole.PROD or use.purpose == "dashboard":
            continue
        if use.range_seconds is None or not use.within or use.within[-1] not in _NEED_TWO:
            continue
        yield _judged(symbol, use, use.range_seconds, _scraping(facts, symbol, use, jobs))


def _scraping(
    facts: Facts, symbol: Symbol, use: MetricUse, jobs: list[tuple[Symbol, ScrapeTarget]]
) -> list[tuple[Symbol, ScrapeTarget]]:
    """Return the jobs that may scrape a metric: the one its selector names, else those that reach what exports it."""
    named = {matcher.value for matcher in use.matchers if matcher.label == "job" and matcher.operator == "="}
    chosen = [job for job in jobs if job[1].job in named]
    if chosen:
        return chosen
    found = facts.resolve(symbol)
    exporting = {s.component for s in found.by} if isinstance(found, Met) else {""}
    if "" in exporting:
        return jobs
    reaching = {
        s.at for s in facts.references(Kind.JOB) if isinstance(s.detail, ScrapeReach) and s.component in exporting
    }
    return [job for job in jobs if job[0].at in reaching] or jobs


def _judged(
    symbol: Symbol, use: MetricUse, seconds: float, jobs: list[tuple[Symbol, ScrapeTarget]]
) -> Finding | Unknown | Held:
    intervals = [(job, target, target.interval_seconds) for job, target in jobs]
    known = [(job, target, every) for job, target, every in intervals if every is not None]
    if not known:
        return Unknown(f"how often `{symbol.name}` is scraped", intervals[0][0].at if intervals else symbol.at)
    job, target, least = min(known, key=lambda one: one[2])
    if seconds >= 2 * max(every for _, _, every in known):
        return Held(symbol.at)
    if seconds >= 2 * least or len(known) < len(intervals):
        return Unknown(f"which job scrapes `{symbol.name}`, and so how often", symbol.at)
    inner = use.within[-1]
    default = "" if target.interval_at else " (Prometheus' own default)"
    return Finding(
        f"{use.purpose} {use.user} takes `{inner}` of `{symbol.name}` over {seconds:g} s, and it is scraped every "
        f"{least:g} s: there are no two samples to compare",
        symbol.at,
        (Related(target.interval_at or job.at, f"the job `{target.job}` is scraped every {least:g} s{default}"),),
        f"Look back over at least {4 * least:g} s",
        (str(symbol.name), use.user),
    )
