"""What an expression measures, as far as its form tells."""

import pytest

from roadworthy.model.detail.expression import Measure
from roadworthy.syntax.promql import parse

CASES = {
    "histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) * 1000": Measure(
        "quantile", "a_bucket", 1000.0, quantile=0.9
    ),
    'sum(rate(a_total{s="5"}[5m])) / sum(rate(a_total[5m])) * 100': Measure("share", "a_total", 100.0),
    '1 - sum(rate(a_bucket{le="1"}[5m])) / sum(rate(a_count[5m]))': Measure("share", "a_bucket", -1.0, 1.0),
    "(sum(rate(a_total[5m])) or vector(0)) / clamp_min(sum(rate(b_total[5m])), 1)": Measure("ratio", "a_total"),
    'sum(rate(a_total{s="5"}[5m])) / sum(rate(a_total[1h]))': Measure("ratio", "a_total"),
    "max_over_time(sum(rate(a_total[1m]))[5m:])": Measure("rate", "a_total", summed=True),
    "-(up)": Measure("series", "up", -1.0),
    "a and on (job) b": Measure("series", "a"),
    "deriv(a[5m])": Measure("delta", "a"),
    "time() - a": None,
    "absent(up)": None,
    "count(up)": None,
    "a > bool 5": None,
    "a or b": None,
    "a * b": None,
}


@pytest.mark.parametrize("expression", CASES)
def test_the_measure_of_an_expression(expression: str) -> None:
    assert parse(expression).measure == CASES[expression]


def test_numbers_on_the_left_are_turned_round_and_calculated() -> None:
    (limit,) = parse("14.4 * 0.001 < a").limits

    assert (limit.operator, round(limit.number, 6)) == (">", 0.0144)


def test_every_comparison_of_an_expression_is_a_limit() -> None:
    limits = parse("(a > 1 and b < 2) unless max(c) == 3").limits

    assert [(limit.measure.metric, limit.operator, limit.number) for limit in limits] == [
        ("a", ">", 1.0),
        ("b", "<", 2.0),
        ("c", "==", 3.0),
    ]


def test_ranges_and_the_bounds_of_buckets_are_told_of_each_selector() -> None:
    selectors = parse("histogram_quantile(0.9, sum by (job) (rate(a_bucket[5m]))) + max(b)").selectors

    assert [(s.name, s.range_seconds, s.bounds_kept) for s in selectors] == [
        ("a_bucket", 300.0, False),
        ("b", None, False),
    ]
