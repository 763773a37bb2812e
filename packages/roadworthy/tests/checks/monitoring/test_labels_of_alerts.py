"""monitoring/unknown-label and monitoring/impossible-label-value."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

CODE = """\
from prometheus_client import Counter
REQUESTS = Counter("http_requests_total", "R.", ["method", "route", "status"])
def f(request, response, route):
    REQUESTS.labels(request.method, route, %s).inc()
"""
CONFIG = "scrape_configs:\n  - job_name: api\n    static_configs: [{targets: ['api:8000'], labels: {zone: a}}]\n"


def judged(
    rule: str, expression: str, status: str = "response.status_code", annotation: str = "", **files: str
) -> Result:
    """Inspect code and one alert; `files` are further ones, with `__` for the dot of their names."""
    text = f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: {expression}\n"
    if annotation:
        text += f"        annotations: {{summary: '{annotation}'}}\n"
    more = {name.replace("__", "."): body for name, body in files.items()}
    return inspected({"m.py": CODE % status, "rules.yml": text, **more}, f"monitoring/{rule}")


@pytest.mark.parametrize(
    "expression",
    ['http_requests_total{code="500"}', "sum by (path) (http_requests_total)", 'http_requests_total{Status="5"}'],
)
def test_label_near_one_of_the_metric_is_found_without_a_scrape_configuration(expression: str) -> None:
    result = judged("unknown-label", expression)

    assert result.outcome is Outcome.FAILED
    assert {r.at.path for f in result.findings for r in f.related} == {"m.py"}


def test_any_other_label_cannot_be_told_without_a_scrape_configuration() -> None:
    assert judged("unknown-label", 'http_requests_total{tenant="a"}').outcome is Outcome.INCONCLUSIVE


def test_any_other_label_is_found_with_one() -> None:
    result = judged("unknown-label", 'http_requests_total{tenant="a"}', prometheus__yml=CONFIG)

    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize("label", ["job", "instance", "zone", "route"])
def test_labels_of_targets_and_of_the_metric_hold(label: str) -> None:
    result = judged("unknown-label", f"sum by ({label}) (http_requests_total)", prometheus__yml=CONFIG)

    assert result.outcome is Outcome.PASSED


def test_relabelling_leaves_the_labels_of_targets_open() -> None:
    config = CONFIG + "    relabel_configs: [{action: labelmap, regex: x_(.*)}]\n"

    result = judged("unknown-label", 'http_requests_total{tenant="a"}', prometheus__yml=config)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_annotation_must_not_show_what_is_grouped_away() -> None:
    expression = "sum by (route) (http_requests_total) > 1"

    assert judged("unknown-label", expression, annotation="{{ $labels.instance }}").outcome is Outcome.FAILED
    assert judged("unknown-label", expression, annotation="{{ $labels.route }}").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("status", "matcher", "outcome"),
    [
        ("response.status_code", 'status="5xx"', Outcome.FAILED),
        ("response.status_code", 'status=~"5xx|4xx"', Outcome.FAILED),
        ("response.status_code", 'status=~"5.."', Outcome.PASSED),
        ("response.status_code", 'status=~"5\\\\d{2}"', Outcome.PASSED),
        ("response.status_code", 'status=~"5"', Outcome.FAILED),
        ("response.status_code", 'status!="5xx"', Outcome.FAILED),
        ("f'{response.status_code // 100}xx'", 'status="500"', Outcome.FAILED),
        ("f'{response.status_code // 100}xx'", 'status=~"5.."', Outcome.PASSED),
        ("f'{response.status_code // 100}xx'", 'status="5xx"', Outcome.PASSED),
        ("'ok' if response else 'bad'", 'status="error"', Outcome.FAILED),
        ("'ok' if response else 'bad'", 'status!="error"', Outcome.PASSED),
        ("compute(response)", 'status="5xx"', Outcome.INCONCLUSIVE),
        ("response.status_code", 'method="get"', Outcome.FAILED),
        ("response.status_code", 'status=~"(a+)+b"', Outcome.INCONCLUSIVE),
        ("response.status_code", 'status=~".+"', Outcome.NOT_APPLICABLE),
        ("response.status_code", 'route="/x"', Outcome.NOT_APPLICABLE),
    ],
)
def test_values_are_tried_against_what_the_code_sets(status: str, matcher: str, outcome: Outcome) -> None:
    assert judged("impossible-label-value", f"'http_requests_total{{{matcher}}}'", status).outcome is outcome


def test_finding_shows_where_the_values_come_from() -> None:
    (finding,) = judged("impossible-label-value", 'http_requests_total{status="5xx"}').findings

    assert finding.related[0].at.path == "m.py"
    assert 'status=~"5.."' in finding.repair


@pytest.mark.parametrize(
    ("text", "matcher", "outcome"),
    [
        ("Instrumentator().instrument(app).expose(app)", 'status="500"', Outcome.FAILED),
        ("Instrumentator().instrument(app).expose(app)", 'status="5xx"', Outcome.PASSED),
        ("Instrumentator(should_group_status_codes=False).instrument(app)", 'status="500"', Outcome.PASSED),
        ("Instrumentator(should_group_status_codes=False).instrument(app)", 'status="5xx"', Outcome.FAILED),
    ],
)
def test_values_of_an_instrumentator_follow_its_options(text: str, matcher: str, outcome: Outcome) -> None:
    code = f"from prometheus_fastapi_instrumentator import Instrumentator\n{text}\n"
    rules = f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: http_requests_total{{{matcher}}}\n"

    assert inspected({"m.py": code, "rules.yml": rules}, "monitoring/impossible-label-value").outcome is outcome


def test_job_that_is_not_scraped_is_found() -> None:
    bad = judged("impossible-label-value", 'up{job="web"} == 0', prometheus__yml=CONFIG)
    good = judged("impossible-label-value", 'up{job="api"} == 0', prometheus__yml=CONFIG)

    assert (bad.outcome, good.outcome) == (Outcome.FAILED, Outcome.PASSED)
    assert bad.findings[0].related[0].at.path == "prometheus.yml"
