"""Label flow: which labels and values the series of each metric that is asked for can carry."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link import endless
from roadworthy.link.draft import Draft
from roadworthy.link.metrics import PROMETHEUS
from roadworthy.model.detail.metric import (
    LabelDefinition,
    LabelFilled,
    LabelUse,
    LabelValue,
    MetricDefinition,
    MetricTouch,
)
from roadworthy.model.detail.prometheus import PrometheusConfiguration, RuleFile, ScrapeTarget
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol, Unreadable
from roadworthy.model.words import FileRole

# Labels that discovery, operators and external systems give to targets as a matter of course.
_USUAL = (
    *(
        "namespace",
        "pod",
        "service",
        "container",
        "endpoint",
        "node",
        "cluster",
        "env",
        "environment",
        "region",
        "zone",
    ),
    *("host", "hostname", "app", "component", "team", "tier", "stage", "datacenter", "dc", "instance_name", "replica"),
    *("prometheus", "pod_name", "container_name", "kubernetes_namespace", "kubernetes_pod_name", "kubernetes_name"),
    *("app_kubernetes_io_name", "app_kubernetes_io_instance", "app_kubernetes_io_component"),
)
_ALERT_LABELS = ("alertname", "alertstate", "severity")
_MAXIMUM_DEPTH = 8


@dataclass(slots=True)
class _Carried:
    """Labels of one metric with the place that gives them; `open` tells why there may be more, `own` which the metric's
    declaration names; `sources` are the metrics whose label values it carries, `computed` labels whose values an expression
    makes."""

    labels: dict[str, Span] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    open: tuple[str, Span] | None = None
    target: bool = True
    sources: set[str] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)


def derive(draft: Draft) -> None:
    """Define the labels and label values of every metric an expression asks labels of, or open the set."""
    flow = _Flow(draft)
    asked = sorted({s.detail.metric for s in draft.symbols if isinstance(s.detail, LabelUse) and s.detail.metric})
    values = _values_by_metric(draft, flow)
    added: list[Symbol] = []
    for metric in asked:
        carried = flow.carried(metric, 0)
        added += _labels(metric, carried, flow)
        if carried.open is not None:
            why, at = carried.open
            draft.opens.append(Open(Kind.LABEL, "", why, at, Pattern(f"{metric}{{**}}")))
        if carried.target and flow.targets is None:
            why = "which labels its targets get is not written in this repository"
            draft.opens.append(Open(Kind.LABEL, "", why, flow.configured_at or PROMETHEUS, Pattern(f"{metric}{{**}}")))
        for label in sorted(carried.computed):
            _open(draft, metric, label, "an expression computes them", carried.labels.get(label, PROMETHEUS))
        for source in sorted(carried.sources - {metric}):
            draft.opens += [
                Open(o.kind, "", o.reason, o.at, Pattern(metric + o.covers.text[len(source) :]))
                for o in draft.opens
                if o.kind is Kind.LABEL_VALUE and o.covers is not None and o.covers.text.startswith(source + "{")
            ]
            added += [
                Symbol(s.kind, s.action, s.name, s.at, "", role=s.role, detail=_moved(s.detail, metric))
                for s in values[source]
                if isinstance(s.detail, LabelValue)
            ]
    raw = [s for s in draft.symbols if isinstance(s.detail, LabelValue)]
    kept = [s for s in draft.symbols if not isinstance(s.detail, LabelValue)]
    linked = [s for found in values.values() for s in found]
    draft.symbols = kept + linked + added if raw or added else draft.symbols


def _moved(detail: LabelValue, metric: str) -> LabelValue:
    return LabelValue(detail.domain, detail.label, metric)


def _labels(metric: str, carried: _Carried, flow: "_Flow") -> Iterator[Symbol]:
    given = {label: (at, label in carried.own) for label, at in carried.labels.items()}
    if carried.target:
        for label, at in flow.target_labels().items():
            given.setdefault(label, (at, False))
    for label, (at, own) in sorted(given.items()):
        detail = LabelDefinition(metric, label, own)
        yield Symbol(Kind.LABEL, Action.DEFINES, Exact(f"{metric}{{{label}}}"), at, detail=detail)


class _Flow:
    """The definitions of metrics and the labels of targets, looked up while recording rules are followed."""

    def __init__(self, draft: Draft) -> None:
        self._exact: dict[str, list[Symbol]] = defaultdict(list)
        self._patterns: list[Symbol] = []
        for symbol in draft.of(Kind.METRIC, Action.DEFINES):
            if isinstance(symbol.name, Exact):
                self._exact[symbol.name.text].append(symbol)
            elif isinstance(symbol.name, Pattern):
                self._patterns.append(symbol)
        configured = [
            (s, s.detail)
            for s in draft.symbols
            if isinstance(s.detail, PrometheusConfiguration) and s.role is FileRole.PROD
        ]
        self.configured_at = configured[0][0].at if configured else None
        self.targets: dict[str, Span] | None = None
        monitors = any(isinstance(s.detail, ScrapeTarget) and s.detail.form.endswith("Monitor") for s in draft.symbols)
        # Only the operator gives targets the label `endpoint`.
        self._operated = monitors or any(
            isinstance(s.detail, RuleFile) and s.detail.form == "PrometheusRule" for s in draft.symbols
        )
        if configured and all(detail.labels is not None for _, detail in configured) and not monitors:
            self.targets = {label: s.at for s, detail in configured for label in detail.labels or ()}

    def target_labels(self) -> dict[str, Span]:
        """Return the labels every target has, and those that are usual where the configuration is not closed."""
        found = dict.fromkeys(("job", "instance"), self.configured_at or PROMETHEUS)
        if self.targets is not None:
            return found | self.targets
        usual = (*_USUAL, "endpoint") if self._operated else _USUAL
        return found | dict.fromkeys(usual, self.configured_at or PROMETHEUS)

    def carried(self, metric: str, depth: int) -> _Carried:
        """Return what the series of a metric carry, through recording rules."""
        found = _Carried(target=False)
        definitions = self._exact[metric] or [s for s in self._patterns if s.name.matches(metric)]
        if not definitions or depth > _MAXIMUM_DEPTH:
            found.open = (f"`{metric}` is defined nowhere that was read", PROMETHEUS)
            found.target = True
            return found
        for symbol in definitions:
            self._add(found, symbol, metric, depth)
        if metric in ("ALERTS", "ALERTS_FOR_STATE"):
            found.labels |= dict.fromkeys(_ALERT_LABELS, PROMETHEUS)
        return found

    def _add(self, found: _Carried, symbol: Symbol, metric: str, depth: int) -> None:
        detail = symbol.detail
        if not isinstance(detail, MetricDefinition):
            return
        if detail.source != "recording rule":
            found.target = True
            found.sources.add(metric)
            if detail.labels is None and metric != "up":
                found.open = found.open or (f"which labels `{metric}` has is not known", symbol.at)
            for label in detail.labels or ():
                found.labels.setdefault(label, symbol.at)
                found.own.add(label)
            return
        found.computed |= set(detail.added)
        inputs = [self.carried(name, depth + 1) if name else None for name in detail.inputs]
        for one in inputs:
            if one is not None:
                found.sources |= one.sources
                found.computed |= one.computed & set(one.labels)
        if detail.labels is not None:
            for label in detail.labels:
                found.labels.setdefault(label, symbol.at)
                found.own.add(label)
            return
        for one in inputs:
            if one is None:
                found.open = found.open or ("a recording rule's expression names no metric", symbol.at)
                continue
            found.open = found.open or one.open
            found.target = found.target or one.target
            kept = {label: at for label, at in one.labels.items() if label not in detail.dropped}
            found.labels = kept | found.labels
            found.own |= one.own - set(detail.dropped)
        for label in detail.added:
            found.labels.setdefault(label, symbol.at)
            found.own.add(label)


def _values_by_metric(draft: Draft, flow: _Flow) -> dict[str, list[Symbol]]:
    """Return the label values of each metric; open the sets that code fills in ways that are not followed."""
    found: dict[str, list[Symbol]] = defaultdict(list)
    by_variable: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in draft.symbols:
        if isinstance(symbol.detail, LabelValue):
            if symbol.detail.metric:
                found[symbol.detail.metric].append(symbol)
            else:
                by_variable[symbol.detail.variable].append(symbol)
    passed = {
        str(s.name): s.at for s in draft.symbols if isinstance(s.detail, MetricTouch) and s.detail.how == "passed"
    }
    for symbol in draft.of(Kind.METRIC, Action.DEFINES):
        detail = symbol.detail
        if not isinstance(detail, MetricDefinition) or detail.source != "code" or not isinstance(symbol.name, Exact):
            continue
        metric = symbol.name.text
        if not detail.variable or detail.labels is None:
            _open(draft, metric, "*", "what sets them is not followed", symbol.at)
        elif detail.variable in passed:
            _open(draft, metric, "*", "the metric is handed on here", passed[detail.variable])
        for site in by_variable[detail.variable] if detail.variable else ():
            found[metric] += _at_site(draft, symbol, detail, site)
    return found


def _at_site(draft: Draft, defined: Symbol, definition: MetricDefinition, site: Symbol) -> Iterator[Symbol]:
    metric, labels = str(defined.name), definition.labels or ()
    detail = site.detail
    if not isinstance(detail, LabelValue):
        return
    if detail.position < 0:
        _open(draft, metric, "*", str(site.name), site.at)
        return
    if not detail.label and detail.position >= len(labels):
        return
    label = detail.label or labels[detail.position]
    if isinstance(site.name, Unreadable):
        _open(draft, metric, label, site.name.why, site.at)
        filled = endless.source(site.name.why.removeprefix("computed: "))
        if filled:
            said = LabelFilled(definition.family or metric, filled, defined.at)
            yield Symbol(
                Kind.LABEL_VALUE, Action.REFERS, Exact(label), site.at, site.component, role=site.role, detail=said
            )
        return
    name: Name = site.name
    what = LabelValue(detail.domain, label, metric)
    yield Symbol(Kind.LABEL_VALUE, Action.DEFINES, name, site.at, site.component, role=site.role, detail=what)


def _open(draft: Draft, metric: str, label: str, why: str, at: Span) -> None:
    reason = (
        f"which values `{label}` of `{metric}` has: {why}"
        if label != "*"
        else f"which label values `{metric}` has: {why}"
    )
    draft.opens.append(Open(Kind.LABEL_VALUE, "", reason, at, Pattern(f"{metric}{{{label}}}")))
