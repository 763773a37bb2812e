"""Dashboards: their expressions with places, and the variables in them."""

import pytest

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import grafana
from roadworthy.syntax.problem import SyntaxProblem


def read(text: str) -> grafana.Document | None:
    return grafana.dashboard(SourceFile("a.json", text, FileRole.PROD), text, 1, text.count("\n") + 1)


@pytest.mark.parametrize(
    "expression",
    [
        "rate(a_total[$__rate_interval])",
        'sum by ($group) (rate(a_total{job=~"$job", x="${y:regex}"}[${__interval}]))',
        "topk($n, a_total)",
        "a_total offset $offset",
        "rate(a_total[5m:$__interval])",
        "a_total > $threshold",
        "increase(a_total[$__range]) / $__range_s",
        "[[metric]] + on (job) a_total",
    ],
)
def test_variables_do_not_hide_an_expression(expression: str) -> None:
    assert any(selector.name == "a_total" for selector in grafana.parse(expression).selectors) or "$n" in expression


def test_rows_nested_panels_variables_and_annotations_are_asked() -> None:
    document = read("""{
  "title": "T",
  "templating": {"list": [{"type": "query", "name": "v", "query": "label_values(a{x=\\"1\\"}, job)"},
                          {"type": "custom", "name": "w", "query": "1,2"}]},
  "annotations": {"list": [{"name": "n", "expr": "changes(b[1m])"}]},
  "rows": [{"panels": [{"title": "old", "targets": [{"expr": "c"}]}]}],
  "panels": [{"type": "row", "panels": [{"title": "deep", "targets": [{"expr": "d"}]}]},
             {"title": "logs", "datasource": {"type": "loki"}, "targets": [{"expr": "{app=\\"x\\"}"}]}]
}""")

    assert document is not None
    assert {(asked.expression, asked.user, asked.label) for asked in document.asked} == {
        ('a{x="1"}', "variable v", "job"),
        ("changes(b[1m])", "annotation n", ""),
        ("c", "old", ""),
        ("d", "deep", ""),
    }
    assert next(asked.at for asked in document.asked if asked.expression == "d").line == 7


def test_what_is_no_dashboard_is_none_and_what_is_no_json_has_a_place() -> None:
    assert read('{"scripts": {}}') is None
    with pytest.raises(SyntaxProblem) as raised:
        read('{\n  "panels": [\n  nonsense\n}')
    assert raised.value.line == 3
