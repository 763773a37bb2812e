"""What provisions Grafana: providers of dashboards, data sources, and its own alerts."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.alert import AlertRule
from roadworthy.model.detail.dashboard import DashboardProvider, DatasourceGiven, DatasourceUse
from roadworthy.model.detail.expression import Comparison, Prose
from roadworthy.model.detail.prometheus import RuleFile
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Pattern, Symbol
from roadworthy.syntax import configmap, grafana, promql, yaml
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql_statements import statements

PROVIDES = frozenset({Kind.DASHBOARD, Kind.RULE_FILE})

_SECTIONS = ("providers", "datasources", "groups")
_VERSION = re.compile(r"\"?apiVersion\"?: *1\b")
_OPERATORS = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<=", "eq": "==", "ne": "!="}
_HIDDEN = re.compile(r"\$\{?\w+\}?|\{\{.*?\}\}")


def wants(path: str) -> bool:
    """Any YAML file may be one."""
    return path.endswith((".yml", ".yaml"))


def recognises(file: SourceFile) -> bool:
    """Recognise provisioning by its version and one of its sections, bare or in a ConfigMap."""
    if not _VERSION.search(file.text) or not any(section in file.text for section in _SECTIONS):
        return False
    return any(_root(held) is not None for held in configmap.held(file))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the folders dashboards are read from, the data sources, and the alerts with what they watch."""
    for held in configmap.held(file):
        if (root := _root(held)) is None:
            continue
        for provider in _mappings(root.get("providers")):
            yield from _provider(file, held, provider)
        for source in _mappings(root.get("datasources")):
            yield from _datasource(file, held, source)
        yield from _alerts(file, held, root)


def _root(held: configmap.Held) -> yaml.Mapping | None:
    root = held.root
    if not isinstance(root, yaml.Mapping) or root.get("kind") is not None:
        return None
    if root.text("apiVersion") not in (None, "1"):
        return None
    known = any(_mappings(root.get(section)) for section in ("providers", "datasources"))
    alerting = any(
        rule.get("data") for group in _mappings(root.get("groups")) for rule in _mappings(group.get("rules"))
    )
    return root if alerting or (known and root.get("apiVersion") is not None) else None


def _mappings(node: yaml.Node | None) -> list[yaml.Mapping]:
    return [item for item in node if isinstance(item, yaml.Mapping)] if isinstance(node, yaml.Sequence) else []


def _provider(file: SourceFile, held: configmap.Held, provider: yaml.Mapping) -> Iterator[Symbol]:
    path = provider.get("options", "path") or provider.get("folder_path")
    if isinstance(path, yaml.Scalar) and path.text:
        detail = DashboardProvider(held.resource, held.key)
        yield Symbol(Kind.DASHBOARD, Action.REFERS, _name(path.text), path.at, role=file.role, detail=detail)


def _name(text: str) -> Name:
    return Pattern(_HIDDEN.sub("**", text)) if _HIDDEN.search(text) else Exact(text)


def _datasource(file: SourceFile, held: configmap.Held, source: yaml.Mapping) -> Iterator[Symbol]:
    name = source.get("name")
    if isinstance(name, yaml.Scalar):
        url = source.text("url") or ""
        default = source.text("isDefault") == "true"
        kind, uid = source.text("type") or "", source.text("uid") or ""
        detail = DatasourceGiven(kind, uid, "" if "@" in url else url, default, held.resource, held.key)
        yield Symbol(Kind.DASHBOARD, Action.DEFINES, _name(name.text), name.at, role=file.role, detail=detail)


def _alerts(file: SourceFile, held: configmap.Held, root: yaml.Mapping) -> Iterator[Statement]:
    rules = [
        rule
        for group in _mappings(root.get("groups"))
        for rule in _mappings(group.get("rules"))
        if isinstance(rule.get("data"), yaml.Sequence)
    ]
    if not rules:
        return
    first = rules[0].get("title") or rules[0]
    loaded = RuleFile("Grafana", len(rules), 0, held.resource, held.key)
    yield Symbol(Kind.RULE_FILE, Action.DEFINES, Exact(file.path), first.at, role=file.role, detail=loaded)
    for rule in rules:
        yield from _alert(file, rule)


def _alert(file: SourceFile, rule: yaml.Mapping) -> Iterator[Statement]:
    title = rule.get("title")
    name = title.text if isinstance(title, yaml.Scalar) else ""
    prose = _prose(rule)
    severity = rule.get("labels", "severity")
    given = rule.get("labels")
    pairs = given.items() if isinstance(given, yaml.Mapping) else ()
    detail = AlertRule(name, tuple((k.text, v.text) for k, v in pairs if isinstance(v, yaml.Scalar)), "Grafana")
    level = severity.text if isinstance(severity, yaml.Scalar) else ""
    at = severity.at if isinstance(severity, yaml.Scalar) else (title or rule).at
    yield Symbol(Kind.SEVERITY, Action.REFERS, Exact(level), at, role=file.role, detail=detail)
    measured: dict[str, promql.Expression] = {}
    for query in _mappings(rule.get("data")):
        reference, model = query.text("refId") or "", query.get("model")
        if not isinstance(model, yaml.Mapping):
            continue
        expression, source = model.get("expr"), query.get("datasourceUid")
        if isinstance(expression, yaml.Scalar) and _asks_prometheus(model):
            try:
                measured[reference] = grafana.parse(expression.text)
            except SyntaxProblem as problem:
                yield Problem(expression.at, problem.why, frozenset({Kind.DASHBOARD}), file.role)
                continue
            yield from statements(file, expression, measured[reference], name, "alert", prose)
            if isinstance(source, yaml.Scalar) and "$" not in source.text:
                asked = DatasourceUse(name, "prometheus")
                yield Symbol(Kind.DASHBOARD, Action.REFERS, Exact(source.text), source.at, role=file.role, detail=asked)
        elif (asking := model.text("expression") or "") in measured:
            measured[reference] = measured[asking]
            yield from _limits(file, model, measured[asking], name, prose)


def _asks_prometheus(model: yaml.Mapping) -> bool:
    kind = model.text("datasource", "type") or "prometheus"
    return "prometheus" in kind or "mimir" in kind


def _prose(rule: yaml.Mapping) -> tuple[Prose, ...]:
    said = [rule.get("title"), rule.get("annotations", "summary"), rule.get("annotations", "description")]
    return tuple(Prose(scalar.text[:500], scalar.at) for scalar in said if isinstance(scalar, yaml.Scalar))


def _limits(
    file: SourceFile, model: yaml.Mapping, parsed: promql.Expression, name: str, prose: tuple[Prose, ...]
) -> Iterator[Symbol]:
    """Yield the comparisons a step of Grafana's own makes with what an expression measures."""
    if model.text("type") != "threshold" or parsed.measure is None:
        return
    for condition in _mappings(model.get("conditions")):
        evaluator = condition.get("evaluator")
        params = evaluator.get("params") if isinstance(evaluator, yaml.Mapping) else None
        if not isinstance(evaluator, yaml.Mapping) or not isinstance(params, yaml.Sequence) or not params.items:
            continue
        first, operator = params.items[0], _OPERATORS.get(evaluator.text("type") or "")
        if not isinstance(first, yaml.Scalar) or operator is None:
            continue
        try:
            number = float(first.text)
        except ValueError:
            continue
        detail = Comparison(name, "alert", operator, number, parsed.measure, prose)
        said = Exact(parsed.measure.metric)
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, said, first.at, role=file.role, detail=detail)
