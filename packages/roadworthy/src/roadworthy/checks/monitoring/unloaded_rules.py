"""Prometheus does not load a file of rules.

Every rule in it is right, reviewed and tested, and none of them is ever evaluated.

## Fails

```yaml title="compose.yaml"
services:
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro
```

```yaml title="prometheus/prometheus.yml"
rule_files:
  - rules/*.yml
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

```yaml title="prometheus/rules/api.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
```

## Passes

```yaml title="compose.yaml"
services:
  prometheus:
    image: prom/prometheus:v2.53.0
    volumes:
      - ./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./prometheus/rules:/etc/prometheus/rules:ro
```

```yaml title="prometheus/prometheus.yml"
rule_files:
  - rules/*.yml
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["api:8000"]
```

```yaml title="prometheus/rules/api.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
```

## Repair

Name the file in `rule_files` (patterns are relative to the configuration file, as the container sees it) and mount it
where the pattern looks.

## References

- https://prometheus.io/docs/prometheus/latest/configuration/configuration/
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.detail.prometheus import FileMounted, PrometheusConfiguration, RuleFile, RuleFileLoad
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.RULE_FILE, Kind.VOLUME}))

Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Configuration:
    symbol: Symbol
    loads: tuple[Symbol, ...]
    places: tuple[Symbol, ...]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Follow each rule file into the container of each Prometheus and try the patterns there."""
    configurations = list(_configurations(facts))
    for symbol in facts.definitions(Kind.RULE_FILE):
        detail = symbol.detail
        if not isinstance(detail, RuleFile) or symbol.role is not FileRole.PROD:
            continue
        if detail.form == "PrometheusRule":
            yield from _operator(facts, symbol, detail)
        elif detail.form == "Grafana":
            continue  # Grafana finds its rules as it finds its dashboards
        elif not configurations:
            yield Unknown(
                f"whether {symbol.at.path} is loaded: no Prometheus configuration is in this repository", symbol.at
            )
        else:
            told = [_told(facts, symbol, detail, configuration) for configuration in configurations]
            best = next((t for t in told if isinstance(t, Held)), None) or next(
                (t for t in told if isinstance(t, Unknown)), told[0]
            )
            yield best


def _configurations(facts: Facts) -> Iterator[_Configuration]:
    for symbol in facts.definitions(Kind.CONSTRUCT):
        detail = symbol.detail
        if not isinstance(detail, PrometheusConfiguration) or symbol.role is not FileRole.PROD:
            continue
        loads = tuple(
            s
            for s in facts.references(Kind.RULE_FILE)
            if isinstance(s.detail, RuleFileLoad)
            and s.detail.selects is None
            and (s.at.path, s.detail.resource, s.detail.key) == (symbol.at.path, detail.resource, detail.key)
        )
        yield _Configuration(symbol, loads, _places(facts, (symbol.at.path, detail.resource, detail.key)))


def _places(facts: Facts, file: Identity) -> tuple[Symbol, ...]:
    return tuple(
        s
        for s in facts.definitions(Kind.FILE)
        if isinstance(s.detail, FileMounted) and (s.detail.path, s.detail.resource, s.detail.key) == file
    )


def _told(facts: Facts, rules: Symbol, detail: RuleFile, configuration: _Configuration) -> Finding | Unknown | Held:
    if any(not isinstance(load.name, Exact) for load in configuration.loads):
        return Unknown(f"whether {rules.at.path} is loaded: the pattern is a template", configuration.loads[0].at)
    identity = (rules.at.path, detail.resource if detail.key else "", detail.key)
    seen = _places(facts, identity)
    loading = ", ".join(f"`{load.name}`" for load in configuration.loads) or "no file"
    side = Related((configuration.loads[0] if configuration.loads else configuration.symbol).at, f"loads {loading}")
    if not configuration.loads:
        return _unloaded(
            rules, detail, "the configuration names no rule_files", (side,), "Name the file in `rule_files`"
        )
    if not configuration.places:
        return _beside(rules, detail, configuration, side)
    mounted = [s for s in seen if s.component in {place.component for place in configuration.places}]
    if not mounted:
        if facts.openings(Kind.VOLUME, configuration.places[0].component):
            opening = facts.openings(Kind.VOLUME, configuration.places[0].component)[0]
            return Unknown(f"whether {rules.at.path} is mounted: {opening.reason}", opening.at)
        place = configuration.places[0]
        why = f"`{place.component}` mounts the configuration and not this file"
        sides = (side, Related(place.at, "mounts the configuration"))
        return _unloaded(rules, detail, why, sides, f"Mount it where {loading} looks")
    for place in configuration.places:
        for load in configuration.loads:
            pattern = posixpath.normpath(posixpath.join(posixpath.dirname(str(place.name)), str(load.name)))
            if any(_glob(pattern).fullmatch(str(s.name)) for s in mounted if s.component == place.component):
                return Held(rules.at)
    why = f"it is seen as `{mounted[0].name}`, and the configuration loads {loading}"
    sides = (side, Related(mounted[0].at, f"puts it at `{mounted[0].name}`"))
    return _unloaded(rules, detail, why, sides, "Make the pattern in `rule_files` match where the file is mounted")


def _beside(rules: Symbol, detail: RuleFile, configuration: _Configuration, side: Related) -> Finding | Unknown | Held:
    """Judge by the tree alone: nothing here says where the container sees the files."""
    own = configuration.symbol.detail
    same = isinstance(own, PrometheusConfiguration) and own.key and own.resource == detail.resource
    path = detail.key or rules.at.path
    folder = "" if detail.key else posixpath.dirname(configuration.symbol.at.path)
    for load in configuration.loads:
        text = str(load.name)
        pattern = text if text.startswith("/") else posixpath.normpath(posixpath.join(folder, text))
        if _glob(pattern).fullmatch(path) and (same or not detail.key):
            return Held(rules.at)
    for load in configuration.loads:
        if _glob(posixpath.basename(str(load.name))).fullmatch(posixpath.basename(path)):
            return Unknown(f"whether {rules.at.path} is loaded: nothing here says where it is mounted", load.at)
    loading = ", ".join(f"`{load.name}`" for load in configuration.loads)
    why = f"the configuration loads {loading}"
    return _unloaded(rules, detail, why, (side,), "Name the file in `rule_files`")


def _operator(facts: Facts, symbol: Symbol, detail: RuleFile) -> Iterator[Finding | Unknown | Held]:
    selectors = [
        (s, s.detail)
        for s in facts.references(Kind.RULE_FILE)
        if isinstance(s.detail, RuleFileLoad) and s.detail.selects is not None and s.role is FileRole.PROD
    ]
    if any(isinstance(s.name, Exact) and set(load.selects or ()) <= set(detail.labels) for s, load in selectors):
        yield Held(symbol.at)
    elif not selectors or any(not isinstance(s.name, Exact) for s, _ in selectors):
        where = selectors[0][0].at if selectors else symbol.at
        yield Unknown(f"whether the operator loads {symbol.at.path}: its ruleSelector is not in this repository", where)
    else:
        sides = tuple(Related(s.at, f"selects {_pairs(load.selects or ())}") for s, load in selectors)
        why = f"its labels are {_pairs(detail.labels) or 'none'}"
        repair = f"Give the resource the labels {_pairs(selectors[0][1].selects or ())}"
        yield _unloaded(symbol, detail, why, sides, repair)


def _pairs(labels: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"`{key}: {value}`" for key, value in labels)


def _unloaded(rules: Symbol, detail: RuleFile, why: str, sides: tuple[Related, ...], repair: str) -> Finding:
    name = f"{rules.at.path} ({detail.key})" if detail.key else rules.at.path
    count = detail.alerts + detail.records
    return Finding(
        f"Prometheus does not load {name} with its {count} rule{'s' if count != 1 else ''}: {why}",
        rules.at,
        sides,
        repair,
        (rules.at.path, detail.key),
    )


def _glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of Go's filepath.Match, without ranges negated or escaped."""
    parts = re.split(r"(\*|\?|\[[^\]]*\])", pattern)
    table = {"*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(table.get(p) or (p if re.fullmatch(r"\[[\w-]+\]", p) else re.escape(p)) for p in parts))
