"""Collectors of monitoring and routes raise nothing but SyntaxProblem, and every place lies inside the file."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.collect import (
    alertmanager,
    error_trackers,
    prometheus_config,
    prometheus_rules,
    prometheus_targets,
    pushed_metrics,
    served_metrics,
)
from roadworthy.collect.grafana import dashboard, provisioning
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

YAML += [
    "apiVersion: 1", "providers: [{name: é, options: {path: /d}}]", "datasources: [{name: a, type: prometheus, url: 'http://b:1'}]",
    "groups: [{rules: [{title: T, data: [{refId: A, model: {expr: 'up{'}}, {refId: C, model: {type: threshold, expression: A}}]}]}]",
    "kind: Service", "metadata: {name: a, labels: {b: c}, annotations: {prometheus.io/scrape: 'true', prometheus.io/port: é}}",
    "  d.json: '{\"panels\": []}'", "  e.json: |", "    {\"panels\": [{\"targets\": [{\"expr\": \"up\"}]}]}",
    "curl --data-binary @- http://p/metrics/job/é <<X", "# TYPE a_seconds gauge", "a_seconds{b=\"c\"} $(date +%s)",
]  # fmt: skip
PYTHON += [
    "Histogram('h', 'é', buckets=[.1, 1, float('inf')])", "Histogram('h', '', buckets=(*B, 1))", "Histogram('h', buckets=B / 0)",
    "sentry_sdk.init(dsn=os.environ['SENTRY_DSN'])", "if d := s().sentry_dsn: sentry_sdk.init(d)", "import sentry_sdk",
    "Sentry.init({ dsn: process.env.SENTRY_DSN, // é", "registry.metrics(", "createServer; req.url !== '/é'", "/* sentry",
]  # fmt: skip
JSON = [
    "{", "}", "[", "]", ",", '"panels": [', '"title": "é"', '"targets": [{"expr": "up{a=\\"$b\\"}[$__rate_interval]"}]', '"rows": [{}]',
    '"templating": {"list": [{"type": "query", "query": "label_values(up, job)"}]}', '"datasource": {"uid": "a"}', '"expr": "${x:regex}"',
    '"datasource": null', '"annotations": {"list": [{"expr": "up["}]}', "null", "1e999",
]  # fmt: skip

YAML_COLLECTORS = (
    *(prometheus_rules, prometheus_config, alertmanager),
    *(prometheus_targets, dashboard, provisioning, pushed_metrics),
)
PYTHON_COLLECTORS = (frameworks, logs, metric_uses, metrics, routes, error_trackers, served_metrics, pushed_metrics)


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


@settings(max_examples=150, deadline=None)
@given(text=texts(JSON))
def test_any_dashboard_is_read_or_refused_with_a_place(text: str) -> None:
    is_total(dashboard, SourceFile("grafana/a.json", text, FileRole.PROD))


@pytest.mark.parametrize(
    "collector", [error_trackers, served_metrics], ids=lambda module: module.__name__.rpartition(".")[2]
)
@settings(max_examples=150, deadline=None)
@given(text=texts(PYTHON))
def test_any_script_is_read_or_refused_with_a_place(collector: ModuleType, text: str) -> None:
    is_total(collector, SourceFile("a.ts", text, FileRole.PROD))
