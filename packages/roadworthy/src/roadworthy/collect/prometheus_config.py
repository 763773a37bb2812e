"""Prometheus configuration: which rule files it loads, what it scrapes, whom it tells; ServiceMonitor and PodMonitor."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.prometheus import PrometheusConfiguration, RuleFileLoad, ScrapeTarget
from roadworthy.model.facts import Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import configmap, yaml
from roadworthy.syntax.duration import seconds
from roadworthy.syntax.kubernetes.resource import labels

PROVIDES = frozenset({Kind.RULE_FILE, Kind.JOB})

_MONITORS = {"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}
_WORDS = ("scrape_configs", "rule_files", "ruleSelector", *_MONITORS)
_CLOSED_DISCOVERY = ("static_configs", "dns_sd_configs")


def wants(path: str) -> bool:
    """Any YAML file may be one."""
    return path.endswith((".yml", ".yaml"))


def recognises(file: SourceFile) -> bool:
    """Recognise the configuration, bare or in a ConfigMap, by its sections; a monitor by its kind."""
    return any(word in file.text for word in _WORDS) and any(
        _configuration(held) is not None or _monitor(held) is not None or _operated(held) is not None
        for held in configmap.held(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the configuration, its rule files, its jobs with their targets."""
    for held in configmap.held(file):
        if held.problem is not None and held.at is not None and any(word in held.at.text for word in _WORDS):
            yield Problem(held.at.at, f"{held.key}: {held.problem.why}", PROVIDES, file.role)
        root = _configuration(held)
        if root is not None:
            yield _summary(file, held, root)
            yield from _rule_files(file, held, root)
            for job in _mappings(root.get("scrape_configs")):
                yield from _job(file, job, _interval(root, job))
        monitor = _monitor(held)
        if monitor is not None:
            yield from _endpoints(file, monitor)
        operated = _operated(held)
        if operated is not None:
            yield from _rule_selector(file, operated)


def _configuration(held: configmap.Held) -> yaml.Mapping | None:
    root = held.root
    if not isinstance(root, yaml.Mapping) or root.get("apiVersion"):
        return None
    if isinstance(root.get("scrape_configs"), yaml.Sequence):
        jobs = _mappings(root.get("scrape_configs"))
        return root if not jobs or any(job.get("job_name") for job in jobs) else None
    known = isinstance(root.get("rule_files"), yaml.Sequence) and (root.get("global") or root.get("alerting"))
    return root if known else None


def _monitor(held: configmap.Held) -> yaml.Mapping | None:
    root = held.root
    return root if isinstance(root, yaml.Mapping) and root.text("kind") in _MONITORS else None


def _operated(held: configmap.Held) -> yaml.Mapping | None:
    root = held.root
    if not isinstance(root, yaml.Mapping) or root.text("kind") != "Prometheus":
        return None
    return root if isinstance(root.get("spec", "ruleSelector"), yaml.Mapping) else None


def _rule_selector(file: SourceFile, resource: yaml.Mapping) -> Iterator[Symbol]:
    """Yield which PrometheusRules the operator loads; a selector by expressions cannot be told."""
    selector = resource.get("spec", "ruleSelector")
    spec = resource.get("spec")
    key = spec.key("ruleSelector") if isinstance(spec, yaml.Mapping) else None
    if not isinstance(selector, yaml.Mapping) or key is None:
        return
    pairs = labels(selector.get("matchLabels"))
    name: Name = Unreadable("a selector by expressions") if selector.get("matchExpressions") else Exact("ruleSelector")
    detail = RuleFileLoad("", resource.text("metadata", "name") or "", selects=pairs)
    yield Symbol(Kind.RULE_FILE, Action.REFERS, name, key.at, role=file.role, detail=detail)


def _mappings(node: yaml.Node | None) -> list[yaml.Mapping]:
    return [item for item in node if isinstance(item, yaml.Mapping)] if isinstance(node, yaml.Sequence) else []


def _scalars(node: yaml.Node | None) -> list[yaml.Scalar]:
    return [item for item in node if isinstance(item, yaml.Scalar)] if isinstance(node, yaml.Sequence) else []


def _summary(file: SourceFile, held: configmap.Held, root: yaml.Mapping) -> Symbol:
    jobs = _mappings(root.get("scrape_configs"))
    labels_given: set[str] | None = set()
    for job in jobs:
        given = _target_labels(job)
        labels_given = None if labels_given is None or given is None else labels_given | given
    known = root.get("scrape_config_files") is None and not any(_renames_job(job) for job in jobs)
    if root.get("scrape_config_files") is not None:
        labels_given = None
    detail = PrometheusConfiguration(
        bool(_scalars(root.get("rule_files"))),
        _alertmanagers(root),
        None if labels_given is None else tuple(sorted(labels_given)),
        known and all(job.text("job_name") is not None for job in jobs),
        held.resource,
        held.key,
    )
    first = root.key("alerting") or root.key("rule_files") or root.key("scrape_configs") or root.key("global")
    at = first.at if first else root.at
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact("prometheus"), at, role=file.role, detail=detail)


def _alertmanagers(root: yaml.Mapping) -> tuple[str, ...] | None:
    found: list[str] = []
    for entry in _mappings(root.get("alerting", "alertmanagers")):
        if any(key.text.endswith("_sd_configs") for key, _ in entry.items()):
            return None
        for static in _mappings(entry.get("static_configs")):
            found += [target.text for target in _scalars(static.get("targets")) if not target.is_null()]
    return tuple(found)


def _target_labels(job: yaml.Mapping) -> set[str] | None:
    """Return the labels the job's targets get besides job and instance; None where that is not written here."""
    if any(key.text.endswith("_sd_configs") and key.text not in _CLOSED_DISCOVERY for key, _ in job.items()):
        return None
    found: set[str] = set()
    for static in _mappings(job.get("static_configs")):
        given = static.get("labels")
        found |= {key.text for key, _ in given.items()} if isinstance(given, yaml.Mapping) else set()
    for section in ("relabel_configs", "metric_relabel_configs"):
        for step in _mappings(job.get(section)):
            target = step.text("target_label")
            if step.text("action") in ("labelmap", "labeldrop", "labelkeep") or (target and "$" in target):
                return None
            found |= {target} if target and not target.startswith("__") else set()
    return found


def _renames_job(job: yaml.Mapping) -> bool:
    if any(key.text.endswith("_sd_configs") and key.text not in _CLOSED_DISCOVERY for key, _ in job.items()):
        return True
    steps = [*_mappings(job.get("relabel_configs")), *_mappings(job.get("metric_relabel_configs"))]
    labelled = [static.get("labels", "job") for static in _mappings(job.get("static_configs"))]
    return any(labelled) or any(
        step.text("action") == "labelmap"
        or step.text("target_label") == "job"
        or "$" in (step.text("target_label") or "")
        for step in steps
    )


def _rule_files(file: SourceFile, held: configmap.Held, root: yaml.Mapping) -> Iterator[Symbol]:
    for entry in _scalars(root.get("rule_files")):
        if not entry.is_null():
            detail = RuleFileLoad(entry.text, held.resource, held.key)
            name: Name = Unreadable("a template") if "{{" in entry.text else Exact(entry.text)
            yield Symbol(Kind.RULE_FILE, Action.REFERS, name, entry.at, role=file.role, detail=detail)


def _interval(root: yaml.Mapping, job: yaml.Mapping) -> tuple[float | None, Span | None]:
    """Return how often a job scrapes, and where that is written; Prometheus' own default is a minute."""
    node = job.get("scrape_interval") or root.get("global", "scrape_interval")
    return (seconds(node.text), node.at) if isinstance(node, yaml.Scalar) else (60.0, None)


def _job(file: SourceFile, job: yaml.Mapping, interval: tuple[float | None, Span | None]) -> Iterator[Symbol]:
    name = job.text("job_name") or ""
    path = job.text("metrics_path")
    path_node = job.get("metrics_path")
    path_at = path_node.at if path is not None and path_node is not None else None
    scheme = job.text("scheme") or "http"
    steps = [*_mappings(job.get("relabel_configs"))]
    moved = any(
        (step.text("target_label") or "").startswith("__") or step.text("action") == "labelmap" for step in steps
    )
    through = bool(job.get("proxy_url")) or moved
    said = job.get("job_name")
    found = False
    for static in _mappings(job.get("static_configs")):
        own = static.get("labels")
        replaced = isinstance(own, yaml.Mapping) and any(key.text.startswith("__") for key, _ in own.items())
        for target in _scalars(static.get("targets")):
            host, port = _address(target.text)
            if not host or through or replaced:
                continue
            found = True
            detail = ScrapeTarget(name, host, port, path or "/metrics", scheme, path_at, "static", None, *interval)
            yield Symbol(Kind.JOB, Action.DEFINES, Exact(name), target.at, role=file.role, detail=detail)
    for entry in _mappings(job.get("dns_sd_configs")):
        for asked in _scalars(entry.get("names")):
            number = entry.text("port") or ""
            port = int(number) if number.isdecimal() and len(number) < 6 else None
            if port is None or through or "{{" in asked.text:
                continue
            found = True
            host = asked.text.removeprefix("tasks.")
            detail = ScrapeTarget(name, host, port, path or "/metrics", scheme, path_at, "dns", None, *interval)
            yield Symbol(Kind.JOB, Action.DEFINES, Exact(name), asked.at, role=file.role, detail=detail)
    if not found:
        at = said.at if said is not None else job.at
        form = "static" if not through and _empty(job) else "discovery"
        detail = ScrapeTarget(name, "", None, "", scheme, None, form, None, *interval)
        yield Symbol(Kind.JOB, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _empty(job: yaml.Mapping) -> bool:
    """Tell whether a job has no targets at all: no discovery, and none listed."""
    discovers = any(key.text.endswith("_sd_configs") for key, _ in job.items())
    return not discovers and not any(_scalars(static.get("targets")) for static in _mappings(job.get("static_configs")))


def _address(text: str) -> tuple[str, int | None]:
    if "{{" in text or "$" in text or "/" in text or text.startswith("["):
        return "", None
    host, _, port = text.partition(":")
    return host, int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None


def _endpoints(file: SourceFile, monitor: yaml.Mapping) -> Iterator[Symbol]:
    name = monitor.text("metadata", "name") or ""
    form = monitor.text("kind") or ""
    selector = monitor.get("spec", "selector")
    selects: tuple[tuple[str, str], ...] | None = None
    if isinstance(selector, yaml.Mapping) and selector.get("matchExpressions") is None:
        selects = labels(selector.get("matchLabels"))
        if any("{{" in value for _, value in selects):
            selects = None
    for endpoint in _mappings(monitor.get("spec", _MONITORS[form])):
        path = endpoint.text("path")
        place = endpoint.get("path")
        at: Span = place.at if place is not None else endpoint.at
        asked = "" if "{{" in (path or "") else path or "/metrics"
        scheme = endpoint.text("scheme") or "http"
        every = endpoint.get("interval")
        interval = (seconds(every.text), every.at) if isinstance(every, yaml.Scalar) else (None, None)
        port = endpoint.get("port")
        called = port.text if isinstance(port, yaml.Scalar) and "{{" not in port.text else ""
        detail = ScrapeTarget(
            name, "", None, asked, scheme, at, form, selects, interval[0], interval[1],
            port_name=called, port_at=port.at if isinstance(port, yaml.Scalar) else None,
        )  # fmt: skip
        yield Symbol(Kind.JOB, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)
