"""Label flow from code through recording rules."""

from repository import gathered
from roadworthy.model.detail.metric import LabelDefinition, LabelValue
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Kind

CODE = """\
from prometheus_client import Counter, Histogram
REQUESTS = Counter("http_requests_total", "R.", ["method", "status"])
LATENCY = Histogram("latency_seconds", "L.", ["route"])
def f(request, response):
    REQUESTS.labels(method=request.method, status=response.status_code).inc()
    LATENCY.labels("a" if x else "b").observe(1)
"""


def rules(*lines: str) -> str:
    """Return a rule file."""
    return "groups:\n  - name: a\n    rules:\n" + "".join(f"      {line}\n" for line in lines)


def labels(facts: Facts, metric: str) -> set[str]:
    """Return the labels a metric can carry, without those of every target."""
    return {
        s.detail.label
        for s in facts.definitions(Kind.LABEL)
        if isinstance(s.detail, LabelDefinition) and s.detail.metric == metric and s.detail.own
    }


def values(facts: Facts, metric: str, label: str) -> set[str]:
    """Return the values of a label, or their domain."""
    return {
        str(s.name) if s.detail.domain == "exact" else s.detail.domain
        for s in facts.definitions(Kind.LABEL_VALUE)
        if isinstance(s.detail, LabelValue) and s.detail.metric == metric and s.detail.label == label
    }


def test_labels_and_values_come_from_the_code() -> None:
    text = rules(
        "- alert: A", '  expr: rate(http_requests_total{status="500"}[5m]) + on (route) latency_seconds_bucket{le="1"}'
    )
    facts = gathered({"m.py": CODE, "rules.yml": text})

    assert labels(facts, "http_requests_total") == {"method", "status"}
    assert labels(facts, "latency_seconds_bucket") == {"route", "le"}
    assert values(facts, "http_requests_total", "status") == {"status-code"}
    assert values(facts, "latency_seconds_bucket", "route") == {"a", "b"}


def test_recording_rule_keeps_what_it_groups_by() -> None:
    text = rules(
        "- record: r:sum",
        "  expr: sum by (status) (rate(http_requests_total[5m]))",
        "- record: r:max",
        "  expr: max without (instance) (r:sum)",
        "- alert: A",
        '  expr: r:max{status="500"} > 1',
    )
    facts = gathered({"m.py": CODE, "rules.yml": text})

    assert labels(facts, "r:max") == {"status"}
    assert values(facts, "r:max", "status") == {"status-code"}


def test_metric_that_is_handed_on_leaves_its_values_open() -> None:
    facts = gathered(
        {
            "m.py": CODE + "register(REQUESTS)\n",
            "rules.yml": rules("- alert: A", '  expr: http_requests_total{status="x"} > 1'),
        }
    )

    assert any(o.covers and o.covers.matches("http_requests_total{status}") for o in facts.openings(Kind.LABEL_VALUE))


def test_doubt_about_values_reaches_the_recorded_metric() -> None:
    facts = gathered(
        {
            "m.py": CODE.replace("response.status_code", "g(response)"),
            "rules.yml": rules(
                "- record: r:s",
                "  expr: sum by (status) (http_requests_total)",
                "- alert: A",
                '  expr: r:s{status="x"} > 1',
            ),
        }
    )

    assert any(o.covers and o.covers.matches("r:s{status}") for o in facts.openings(Kind.LABEL_VALUE))


def test_touches_of_other_things_are_dropped() -> None:
    facts = gathered({"m.py": CODE + "logger.info(x)\nother.labels(1)\nthing.set(2)\n"})

    assert {str(s.name) for s in facts.references(Kind.METRIC)} == {"REQUESTS", "LATENCY"}
