"""Collectors of monitoring and routes raise nothing but SyntaxProblem, and every place lies inside the file."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.collect import alertmanager, prometheus_config, prometheus_rules
from roadworthy.collect.python import frameworks, logs, metric_uses, metrics, routes
from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

YAML = [
    "groups:", "  - name: a", "    rules:", "      - alert: X", "        expr: sum by (a, b) (rate(x_total{s=~\"5..\"}[5m])) > 1",
    "        expr: |", "          up{", "          == 0", "        labels: {severity: page}", "        annotations:",
    "          summary: \"{{ $labels.a }} é\"", "      - record: a:b", "scrape_configs:", "  - job_name: a",
    "    static_configs: [{targets: ['é:80', b]}]", "rule_files: ['*.yml', null, {}]", "route: {receiver: a, routes: [{match: {a: b}}]}",
    "receivers: [{name: a}, {name: [x]}]", "kind: ConfigMap", "data:", "  r.yml: |", "    groups:", "kind: PrometheusRule", "spec: *a",
    "&a x: !!int y", "- - -", "\t", "---", "kind: Prometheus", "kind: ServiceMonitor", "  endpoints: [{path: /m}]",
]  # fmt: skip
PYTHON = [
    "from prometheus_client import Counter, Histogram as H, make_asgi_app", "from fastapi import FastAPI, APIRouter",
    "from .a import router as é", "C = Counter('a_total', 'é', ['b'])", "def f(x: int, *y):", "    C.labels(x, *y).inc()",
    "    return f'{x // 100}xx'", "app = FastAPI(routes=[Route('/a', b), *c])", "@app.get('/é/{a:path}')", "def g(): ...",
    "app.include_router(r, prefix=f'{s.P}/v1')", "app.mount(x, y)", "app.mount()", "C.labels(**z)", "C.labels()",
    "urlpatterns = [path('a/', include('b.c'))] + i18n_patterns()", "class E(StrEnum):", "    A = 'a'", "x: Literal['a'] = 'a'",
    "logging.basicConfig(format=x)", "logger.add(serialize=True)", "H(name)", "H()", "Counter(**k)", "app = app.app = Flask(app)",
    "def f(: ", "\\", "'''", "    x = x", "scope['path'] in (1, '/a', x)", "Mount('/a', routes=Mount)", "re_path(r'^(a$', b)",
]  # fmt: skip

YAML_COLLECTORS = (prometheus_rules, prometheus_config, alertmanager)
PYTHON_COLLECTORS = (frameworks, logs, metric_uses, metrics, routes)


def texts(lines: list[str]) -> st.SearchStrategy[str]:
    """Files made of lines that mean something, and of anything."""
    made = st.lists(st.sampled_from(lines) | st.text(max_size=12), max_size=14).map("\n".join)
    return made | st.text(max_size=200)


def is_total(collector: ModuleType, file: SourceFile) -> None:
    """Collect from a file and look at every place."""
    lines = file.text.split("\n")
    try:
        found = list(collector.collect(file)) if collector.recognises(file) else []
    except SyntaxProblem as problem:
        assert problem.line >= 1
        assert problem.column >= 1
        return
    for statement in found:
        at = statement.at
        assert at.path == file.path
        assert 1 <= at.line <= at.end_line <= len(lines) + 1
        assert at.column >= 1
        assert at.end_column >= 1


@pytest.mark.parametrize("collector", YAML_COLLECTORS, ids=lambda module: module.__name__.rpartition(".")[2])
@settings(max_examples=120, deadline=None)
@given(text=texts(YAML))
def test_yaml_collector_is_total(collector: ModuleType, text: str) -> None:
    is_total(collector, SourceFile("a.yml", text, FileRole.PROD))


@pytest.mark.parametrize("collector", PYTHON_COLLECTORS, ids=lambda module: module.__name__.rpartition(".")[2])
@settings(max_examples=120, deadline=None)
@given(text=texts(PYTHON))
def test_python_collector_is_total(collector: ModuleType, text: str) -> None:
    is_total(collector, SourceFile("app/a.py", text, FileRole.PROD))
