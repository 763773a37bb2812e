"""monitoring/unknown-metric."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "monitoring/unknown-metric"
CODE = "from prometheus_client import Counter\nC = Counter('orders_total', 'O.')\nC.inc()\n"


def rules(expression: str) -> str:
    """Return a rule file with one alert."""
    return f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: {expression}\n"


def test_missing_suffix_is_found_with_both_sides() -> None:
    result = inspected({"m.py": CODE, "rules.yml": rules("rate(orders[5m]) > 1")}, RULE)

    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.path, finding.at.line, finding.at.column) == ("rules.yml", 5, 20)
    assert finding.related[0].at.path == "m.py"
    assert "other suffix" in finding.message


@pytest.mark.parametrize(
    "expression",
    [
        "up == 0",
        "process_cpu_seconds_total > 1",
        "python_gc_collections_total",
        "orders_created",
        "scrape_duration_seconds",
    ],
)
def test_names_that_libraries_and_prometheus_bring_hold(expression: str) -> None:
    assert inspected({"m.py": CODE, "rules.yml": rules(expression)}, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "name", ["node_load1", "kube_pod_info", "container_memory_usage_bytes", "probe_success", "pg_up"]
)
def test_metric_of_an_exporter_that_is_not_deployed_cannot_be_told(name: str) -> None:
    assert inspected({"m.py": CODE, "rules.yml": rules(name)}, RULE).outcome is Outcome.INCONCLUSIVE


def test_metric_of_an_exporter_that_is_deployed_holds() -> None:
    compose = "services:\n  node:\n    image: prom/node-exporter:v1.8.0\n"

    result = inspected({"m.py": CODE, "compose.yaml": compose, "rules.yml": rules("node_load1 > 4")}, RULE)

    assert result.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("otel.py", "from opentelemetry import metrics\nmeter = metrics.get_meter('x')\n"),
        ("dynamic.py", "from prometheus_client import Counter\ndef f(n):\n    return Counter(n, 'x')\n"),
        ("main.go", "package main\n"),
    ],
)
def test_code_that_is_not_followed_opens_the_set(path: str, text: str) -> None:
    result = inspected({"m.py": CODE, path: text, "rules.yml": rules("missing_total > 1")}, RULE)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_rules_of_tests_and_examples_give_no_finding() -> None:
    files = {"m.py": CODE, "tests/rules.yml": rules("missing_total"), "examples/rules.yml": rules("missing_total")}

    assert inspected(files, RULE).outcome is Outcome.NOT_APPLICABLE


def test_rule_in_a_config_map_is_found_where_it_stands() -> None:
    indented = "".join(f"    {line}\n" for line in rules("rate(order_total[5m])").splitlines())
    text = "kind: ConfigMap\nmetadata: {name: r}\ndata:\n  r.yml: |\n" + indented

    result = inspected({"m.py": CODE, "k8s/rules.yaml": text}, RULE)

    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.line, finding.at.column, finding.at.end_column) == (9, 24, 34)
