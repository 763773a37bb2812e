"""Expressions that look wrong and are right: none of the rules about PromQL may fire."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

CODE = """\
from prometheus_client import Counter, Gauge, Histogram, Summary

REQUESTS = Counter("requests_total", "Requests.", ["status"])
QUEUE = Gauge("queue_length", "Jobs.")
ALL = Gauge("rows_imported", "Only ever grows.")
LATENCY = Histogram("latency_seconds", "Time.", ["route"])
SIZE = Summary("size_bytes", "Size.")
BUILT = Histogram("built_seconds", "Time.", buckets=load_buckets())


def work(jobs):
    QUEUE.set(jobs)
    ALL.inc()
"""


def judged(rule: str, expression: str, *, name: str = "Trouble", summary: str = "Something is wrong.") -> Result:
    rules = f"""\
groups:
  - name: app
    rules:
      - alert: {name}
        expr: |
          {expression}
        annotations:
          summary: "{summary}"
"""
    return inspected({"app/metrics.py": CODE, "rules.yml": rules}, only=f"monitoring/{rule}")


SOUND = [
    ("counter-as-gauge", "absent(requests_total)"),
    ("counter-as-gauge", "requests_total == 0"),
    ("counter-as-gauge", "count(requests_total) > 100"),
    ("counter-as-gauge", "requests_created > 5"),
    ("counter-as-gauge", "requests_total - requests_total offset 1h > 5"),
    ("counter-as-gauge", "time() - requests_created > 5"),
    ("counter-as-gauge", "foreign_total > 5"),
    ("counter-as-gauge", "delta(queue_length[5m]) > 5"),
    ("gauge-as-counter", "increase(rows_imported[1h]) < 1"),
    ("gauge-as-counter", "rate(requests_total[5m]) > 1"),
    ("gauge-as-counter", "max_over_time(queue_length[5m]) > 5"),
    ("gauge-as-counter", "rate(foreign_things[5m]) > 1"),
    ("histogram-misuse", "sum(rate(latency_seconds_sum[5m])) / sum(rate(latency_seconds_count[5m])) > 1"),
    ("histogram-misuse", 'sum(rate(latency_seconds_bucket{le="0.5"}[5m])) < 1'),
    ("histogram-misuse", "histogram_quantile(0.9, sum without (route) (rate(latency_seconds_bucket[5m]))) > 1"),
    ("histogram-misuse", "histogram_quantile(0.9, rate(latency_seconds_bucket[5m])) > 1"),
    ("histogram-misuse", "max by (route) (histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))) > 1"),
    ("histogram-misuse", "absent(latency_seconds_bucket)"),
    ("histogram-misuse", "avg(rate(size_bytes_sum[5m])) > 1"),
    ("unreachable-threshold", "histogram_quantile(0.9, rate(latency_seconds_bucket[5m])) * 1000 > 500"),
    ("unreachable-threshold", "sum(histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))) > 30"),
    ("unreachable-threshold", 'sum(rate(requests_total{status="500"}[5m])) / sum(rate(requests_total[5m])) * 100 > 5'),
    ("unreachable-threshold", 'rate(requests_total{status="500"}[5m]) / rate(requests_total{status="200"}[5m]) > 5'),
    ("unreachable-threshold", "sum(up) < 3"),
    ("unreachable-threshold", "count(up == 0) > 2"),
    ("unreachable-threshold", "histogram_quantile(0.9, rate(built_seconds_bucket[5m])) > 500"),
    ("unreachable-threshold", 'sum(rate(latency_seconds_bucket{le="0.5"}[5m])) < 1'),
    ("short-range", "rate(requests_total[5m]) > 1"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expression"), SOUND)
def test_a_sound_expression_is_no_finding(rule: str, expression: str) -> None:
    assert judged(rule, expression).outcome is not Outcome.FAILED


BROKEN = [
    ("counter-as-gauge", "5 < requests_total"),
    ("counter-as-gauge", "max by (status) (latency_seconds_count) >= 100"),
    ("gauge-as-counter", "sum(irate(queue_length[5m])) > 1"),
    ("histogram-misuse", "sum(rate(latency_seconds_bucket[5m])) > 100"),
    ("histogram-misuse", "histogram_quantile(0.9, rate(requests_total[5m])) > 1"),
    ("histogram-misuse", 'avg(size_bytes{quantile="0.99"}) > 1'),
    ("unreachable-threshold", "histogram_quantile(0.9, rate(latency_seconds_bucket[5m])) < 0"),
    ("unreachable-threshold", 'sum(rate(latency_seconds_bucket{le="0.3"}[5m])) < 1'),
    ("unreachable-threshold", 'sum(rate(latency_seconds_bucket{le="1"}[5m])) < 1'),
    ("unreachable-threshold", "1 - avg(up) > 1"),
    ("unreachable-threshold", "rate(requests_total[5m]) < 0"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expression"), BROKEN)
def test_a_broken_expression_is_found(rule: str, expression: str) -> None:
    assert judged(rule, expression).outcome is Outcome.FAILED


def test_what_an_expression_measures_is_followed_through_a_recording_rule() -> None:
    rules = """\
groups:
  - name: app
    rules:
      - record: route:latency_seconds:p90
        expr: histogram_quantile(0.9, sum by (le, route) (rate(latency_seconds_bucket[5m])))
      - alert: Slow
        expr: max(route:latency_seconds:p90) * 1000 > 20000
"""

    result = inspected({"app/metrics.py": CODE, "rules.yml": rules}, only="monitoring/unreachable-threshold")

    assert "0.005 to 10" in result.findings[0].message


@pytest.mark.parametrize(
    ("name", "summary", "outcome"),
    [
        ("HighErrorRate", "More than 5% of the requests fail.", Outcome.FAILED),
        ("HighErrorRate", "{{ $value | humanizePercentage }} of the requests fail.", Outcome.FAILED),
        ("HighErrorRate", "Many requests fail.", Outcome.FAILED),
        ("Errors", "Many requests fail.", Outcome.PASSED),
        ("HighErrorRate", "More than {{ $value }} failures per second.", Outcome.PASSED),
    ],
)
def test_failures_per_second_are_judged_by_the_words_of_the_alert(name: str, summary: str, outcome: Outcome) -> None:
    expression = 'sum(rate(requests_total{status=~"5.."}[5m])) > 0.05'

    assert judged("absolute-error-rate", expression, name=name, summary=summary).outcome is outcome
