"""An alert about one service selects the series of all.

`up == 0` without a job fires under the name of one service when another is down, and `absent(up)` is silent as long as any
target of any job answers.

## Fails

```yaml title="prometheus/prometheus.yml"
rule_files:
  - rules.yml
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["shop:8000"]
  - job_name: node
    static_configs:
      - targets: ["node-exporter:9100"]
```

```yaml title="prometheus/rules.yml"
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up == 0
        annotations:
          summary: The shop cannot be reached.
```

## Passes

```yaml title="prometheus/prometheus.yml"
rule_files:
  - rules.yml
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["shop:8000"]
  - job_name: node
    static_configs:
      - targets: ["node-exporter:9100"]
```

```yaml title="prometheus/rules.yml"
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        annotations:
          summary: The shop cannot be reached.
```

## Repair

Select the job (`up{job="…"}`), or name the alert for all targets and show `{{ $labels.job }}` in its annotations.

## References

- https://prometheus.io/docs/prometheus/latest/querying/basics/#time-series-selectors
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.expression import Comparison, Prose
from roadworthy.model.detail.metric import MetricUse
from roadworthy.model.detail.prometheus import ScrapeReach, ScrapeTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.METRIC, Kind.JOB}))

_SHOWS = re.compile(r"labels\.(?:job|service|app|component|name)\b|humanize.*job", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look for selectors without a matcher where several jobs have the metric and the alert is about one."""
    jobs: dict[str, Symbol] = {}
    for symbol in facts.definitions(Kind.JOB):
        target = symbol.detail
        if not isinstance(target, ScrapeTarget) or symbol.role is not FileRole.PROD or target.form == "annotation":
            continue
        if target.job:
            jobs.setdefault(target.job, symbol)
    prose: dict[tuple[str, str], tuple[Prose, ...]] = defaultdict(tuple)
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        if isinstance(symbol.detail, Comparison):
            prose[symbol.at.path, symbol.detail.user] = symbol.detail.prose
    for symbol in facts.details(Kind.METRIC, Action.REFERS, MetricUse):
        use = symbol.detail
        if not isinstance(use, MetricUse) or symbol.role is not FileRole.PROD or use.purpose != "alert":
            continue
        having = _having(facts, symbol, jobs)
        if use.matchers or len(having) < 2:
            yield Held(symbol.at)
            continue
        absent = bool(set(use.within) & {"absent", "absent_over_time"})
        about = _about(prose[symbol.at.path, use.user], use.user, having)
        if absent and str(symbol.name) == "up":
            about = about or next(iter(having))
        if not about:
            yield Held(symbol.at)
            continue
        others = [job for job in having if job != about]
        effect = "is silent while any of them answers" if absent else "fires for all of them"
        yield Finding(
            f"alert {use.user} selects `{symbol.name}` of every job, and {effect}: {', '.join(f'`{j}`' for j in having)}",
            symbol.at,
            tuple(Related(jobs[job].at, f"the job `{job}`") for job in (about, *others[:1])),
            f'Write `{symbol.name}{{job="{about}"}}`',
            (str(symbol.name), use.user),
        )


def _having(facts: Facts, symbol: Symbol, jobs: dict[str, Symbol]) -> list[str]:
    """Return the jobs whose targets have the metric."""
    if str(symbol.name) == "up":
        return list(jobs)
    found = facts.resolve(symbol)
    exporting = {s.component for s in found.by} if isinstance(found, Met) else set()
    reached = {
        str(s.name)
        for s in facts.references(Kind.JOB)
        if isinstance(s.detail, ScrapeReach) and s.component and s.component in exporting
    }
    return [job for job in jobs if job in reached]


def _about(prose: tuple[Prose, ...], user: str, jobs: list[str]) -> str:
    """Return the one job that the words of an alert name, "" where they name none or show which it was."""
    if any(_SHOWS.search(p.text) for p in prose):
        return ""
    words = _plain(" ".join([user, *(p.text for p in prose)]))
    named = [job for job in jobs if len(_plain(job)) >= 3 and _plain(job) in words]
    return named[0] if len(named) == 1 else ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
