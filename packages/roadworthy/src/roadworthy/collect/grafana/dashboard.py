"""Dashboards of Grafana: what their panels and variables ask. A dashboard defines no metric, so a broken one hides none."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.dashboard import Dashboard, DatasourceUse
from roadworthy.model.detail.metric import LabelUse
from roadworthy.model.facts import Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import configmap, grafana, yaml
from roadworthy.syntax.kubernetes.resource import labels
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql_statements import label, statements

PROVIDES = frozenset({Kind.DASHBOARD})

_LIKELY = re.compile(r"grafana|dashboard|monitor|observab|prometheus|telemetry|metrics", re.IGNORECASE)
_PANELS = re.compile(r'"(?:panels|rows)"\s*:\s*\[')


def wants(path: str) -> bool:
    """JSON whose path speaks of monitoring, and any YAML file, which may be a ConfigMap of dashboards."""
    return path.endswith((".yml", ".yaml")) or (path.endswith(".json") and _LIKELY.search(path) is not None)


def recognises(file: SourceFile) -> bool:
    """Recognise a dashboard by its panels, bare or in a ConfigMap."""
    if not _PANELS.search(file.text):
        return False
    return file.path.endswith(".json") or "kind: ConfigMap" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each dashboard, the data sources it asks, and the metrics and labels its expressions need."""
    if file.path.endswith(".json"):
        document = grafana.dashboard(file, file.text, 1, file.text.count("\n") + 1)
        if document is not None:
            yield from _statements(file, document, Dashboard(document.uid, document.panels), 1)
        return
    for root in yaml.documents(file):
        for resource in configmap.items(root):
            yield from _entries(file, resource)


def _entries(file: SourceFile, resource: yaml.Mapping) -> Iterator[Statement]:
    data = resource.get("data")
    for key, value in data.items() if isinstance(data, yaml.Mapping) else ():
        if not isinstance(value, yaml.Scalar) or not key.text.endswith(".json") or not _PANELS.search(value.text):
            continue
        try:
            document = grafana.dashboard(file, value.text, value.at.line, value.at.end_line)
        except SyntaxProblem as problem:
            yield Problem(value.at, f"{key.text}: {problem.why}", PROVIDES, file.role)
            continue
        if document is not None:
            name = resource.text("metadata", "name") or ""
            given = labels(resource.get("metadata", "labels"))
            detail = Dashboard(document.uid, document.panels, name, key.text, given)
            yield from _statements(file, document, detail, value.at.line)


def _statements(file: SourceFile, document: grafana.Document, detail: Dashboard, line: int) -> Iterator[Statement]:
    from_here = yaml.Scalar(document.title, False, Span(file.path, line))
    title = document.title or file.name
    yield Symbol(Kind.DASHBOARD, Action.DEFINES, Exact(title), from_here.at, role=file.role, detail=detail)
    for uid, (kind, at) in document.datasources.items():
        asked = DatasourceUse(title, kind)
        yield Symbol(Kind.DASHBOARD, Action.REFERS, Exact(uid), at, role=file.role, detail=asked)
    for query, parsed in grafana.expressions(document):
        user = f"{title}: {query.user}"
        yield from statements(file, grafana.scalar(query), parsed, user, "dashboard")
        for selector in parsed.selectors if query.label else ():
            if selector.name and "grafana_variable" not in selector.name:
                yield label(file, LabelUse(selector.name, query.label, user, "dashboard", "by"), query.at)
