"""Prometheus rule files: what alerts and recording rules watch, and the names recording rules define."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.alert import AlertRule
from roadworthy.model.detail.expression import Prose
from roadworthy.model.detail.metric import LabelUse, MetricDefinition
from roadworthy.model.detail.prometheus import RuleFile
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import configmap, promql, yaml, yaml_places
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql_statements import label, statements

PROVIDES = frozenset({Kind.METRIC, Kind.LABEL, Kind.LABEL_VALUE, Kind.RULE_FILE, Kind.SEVERITY, Kind.RUNBOOK})

_SHOWN = re.compile(r"\$labels\.([A-Za-z_]\w*)|\.Labels\.([A-Za-z_]\w*)|index\s+\$labels\s+\"(\w+)\"")
_FOR_PEOPLE = frozenset({"summary", "description", "message", "title", "text"})
_GROUPS = re.compile(r"\b(?:by|without)\s*\([^)]*\)|\b(?:sum|avg|max|min|count|absent|scalar|vector)\b")
_RUNBOOK = re.compile(r"run_?book(_?ur[li])?", re.IGNORECASE)


def wants(path: str) -> bool:
    """Any YAML file may hold rules."""
    return path.endswith((".yml", ".yaml", ".rules"))


def recognises(file: SourceFile) -> bool:
    """Recognise rules in a file, a PrometheusRule resource or a ConfigMap by their groups."""
    return "groups:" in file.text and any(_groups(held) is not None for held in configmap.held(file))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the file, what each expression needs, the names recording rules define, severities and runbooks."""
    for held in configmap.held(file):
        if held.problem is not None and held.at is not None and "groups:" in held.at.text:
            yield Problem(held.at.at, f"{held.key}: {held.problem.why}", PROVIDES, file.role)
        rules = [
            rule
            for group in _groups(held) or ()
            if isinstance(group, yaml.Mapping) and isinstance(listed := group.get("rules"), yaml.Sequence)
            for rule in listed
            if isinstance(rule, yaml.Mapping)
        ]
        if rules:
            yield _file(file, held, rules)
        for rule in rules:
            yield from _rule(file, rule)


def _groups(held: configmap.Held) -> yaml.Sequence | None:
    document = held.root
    if not isinstance(document, yaml.Mapping):
        return None
    groups = document.get("groups") or (
        document.get("spec", "groups") if document.text("kind") == "PrometheusRule" else None
    )
    if not isinstance(groups, yaml.Sequence):
        return None
    for group in groups:
        rules = group.get("rules") if isinstance(group, yaml.Mapping) else None
        if isinstance(rules, yaml.Sequence) and any(isinstance(r, yaml.Mapping) and r.get("expr") for r in rules):
            return groups
    return None


def _file(file: SourceFile, held: configmap.Held, rules: list[yaml.Mapping]) -> Symbol:
    document = held.root
    labels: tuple[tuple[str, str], ...] = ()
    resource, form = held.resource, "ConfigMap" if held.resource else "file"
    if isinstance(document, yaml.Mapping) and document.text("kind") == "PrometheusRule":
        form, resource = "PrometheusRule", document.text("metadata", "name") or ""
        labels = _texts(document.get("metadata", "labels"))
    alerts, records = (sum(rule.text(kind) is not None for rule in rules) for kind in ("alert", "record"))
    first = rules[0].key("alert") or rules[0].key("record")
    detail = RuleFile(form, alerts, records, resource, held.key, labels)
    at = first.at if first else rules[0].at
    return Symbol(Kind.RULE_FILE, Action.DEFINES, Exact(file.path), at, role=file.role, detail=detail)


def _texts(node: yaml.Node | None) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, yaml.Mapping):
        return ()
    return tuple((key.text, value.text) for key, value in node.items() if isinstance(value, yaml.Scalar))


def _rule(file: SourceFile, rule: yaml.Mapping) -> Iterator[Statement]:
    alert, record = rule.text("alert"), rule.text("record")
    expression = rule.get("expr")
    if alert:
        yield from _alert(file, rule, alert)
    if not isinstance(expression, yaml.Scalar):
        return
    if "{{" in expression.text:
        yield Problem(expression.at, "the expression is a template", frozenset({Kind.METRIC}), file.role)
        return
    try:
        parsed = promql.parse(expression.text)
    except SyntaxProblem as problem:
        yield Problem(expression.at, problem.why, frozenset({Kind.METRIC}), file.role)
        return
    name = rule.get("record")
    if record and isinstance(name, yaml.Scalar):
        yield _record(file, rule, name, parsed)
    user, purpose = alert or record or "", "alert" if alert else "recording rule"
    yield from statements(file, expression, parsed, user, purpose, _prose(rule))
    if alert:
        yield from _shown(file, rule, parsed, alert)


def _prose(rule: yaml.Mapping) -> tuple[Prose, ...]:
    """Return the words that say what an alert means: its name, and its annotations for people."""
    name, annotations = rule.get("alert"), rule.get("annotations")
    said = [name] if isinstance(name, yaml.Scalar) else []
    for key, value in annotations.items() if isinstance(annotations, yaml.Mapping) else ():
        if isinstance(value, yaml.Scalar) and key.text in _FOR_PEOPLE:
            said.append(value)
    return tuple(Prose(scalar.text[:500], scalar.at) for scalar in said) if name else ()


def _alert(file: SourceFile, rule: yaml.Mapping, alert: str) -> Iterator[Statement]:
    labels = tuple((key, value) for key, value in _texts(rule.get("labels")) if "{{" not in value)
    severity = rule.get("labels", "severity")
    at = severity if isinstance(severity, yaml.Scalar) else rule.get("alert")
    name = severity.text if isinstance(severity, yaml.Scalar) else ""
    detail = AlertRule(alert, labels)
    if at is not None:
        said: Name = Unreadable("the severity is a template") if "{{" in name else Exact(name)
        yield Symbol(Kind.SEVERITY, Action.REFERS, said, at.at, role=file.role, detail=detail)
    annotations = rule.get("annotations")
    for key, value in annotations.items() if isinstance(annotations, yaml.Mapping) else ():
        if isinstance(value, yaml.Scalar) and _RUNBOOK.fullmatch(key.text) and not value.is_null():
            said = Unreadable("the address is a template") if "{{" in value.text else Exact(value.text.strip())
            yield Symbol(Kind.RUNBOOK, Action.REFERS, said, value.at, role=file.role, detail=detail)


def _record(file: SourceFile, rule: yaml.Mapping, name: yaml.Scalar, parsed: promql.Expression) -> Symbol:
    labels = parsed.labels
    own = frozenset(key for key, _ in _texts(rule.get("labels")))
    inputs = tuple(dict.fromkeys(selector.name or "" for selector in parsed.selectors))
    added = labels.added | own
    kept = None if labels.kept is None else tuple(sorted(labels.kept | added))
    detail = MetricDefinition(
        "",
        kept,
        "recording rule",
        inputs=inputs,
        dropped=tuple(sorted(labels.dropped)),
        added=tuple(sorted(added)),
        measure=parsed.measure,
    )
    return Symbol(Kind.METRIC, Action.DEFINES, Exact(name.text), name.at, role=file.role, detail=detail)


def _shown(file: SourceFile, rule: yaml.Mapping, parsed: promql.Expression, alert: str) -> Iterator[Statement]:
    """Yield the labels that annotations show: one metric's own, or those the expression has grouped away."""
    labels = parsed.labels
    names = {selector.name for selector in parsed.selectors}
    given = frozenset(key for key, _ in _texts(rule.get("labels")))
    annotations, expression = rule.get("annotations"), rule.get("expr")
    where = yaml_places.search(expression, file, _GROUPS) if isinstance(expression, yaml.Scalar) else None
    for _, value in annotations.items() if isinstance(annotations, yaml.Mapping) else ():
        if not isinstance(value, yaml.Scalar):
            continue
        for found in _SHOWN.finditer(value.text):
            shown = next(group for group in found.groups() if group)
            if shown in labels.added or shown in given or shown == "alertname":
                continue
            at = yaml_places.search(value, file, re.compile(rf"(?:\.|\")({shown})\b"))
            kept = None if labels.kept is None else tuple(sorted(labels.kept))
            if (kept is not None and shown not in kept) or shown in labels.dropped:
                grouped = LabelUse("", shown, alert, "alert", "annotation", remaining=kept or (), grouped_at=where)
                yield label(file, grouped, at)
            elif kept is None and len(names) == 1 and (name := next(iter(names))):
                yield label(file, LabelUse(name, shown, alert, "alert", "annotation"), at)
