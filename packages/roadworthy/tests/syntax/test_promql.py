"""PromQL: what an expression needs of each selector, and which labels its result keeps."""

import pytest

from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql import MAXIMUM_LENGTH, parse


def needs(expression: str) -> dict[str | None, set[str]]:
    """Return the labels needed of each metric."""
    return {s.name: {need.label for need in s.needs} for s in parse(expression).selectors}


@pytest.mark.parametrize(
    ("expression", "kept", "dropped", "added"),
    [
        ("x", None, set(), set()),
        ("sum(x)", set(), set(), set()),
        ("sum by (a, b) (rate(x[5m]))", {"a", "b"}, set(), set()),
        ("sum by (a) (sum by (b) (x))", set(), set(), set()),
        ("sum without (a) (x) > 1", None, {"a"}, set()),
        ("histogram_quantile(0.9, sum by (le, r) (rate(x_bucket[5m])))", {"r"}, {"le"}, set()),
        ("topk(3, x)", None, set(), set()),
        ("sum by (a) (x) / on (a) group_left (c) y", {"a"}, set(), {"c"}),
        ("x / on (a) y", {"a"}, set(), set()),
        ("x / ignoring (a) y", None, {"a"}, set()),
        ("x unless on (a) y", None, set(), set()),
        ('label_replace(sum(x), "d", "$1", "s", "(.*)")', set(), set(), {"d"}),
        ('absent(x{job="a", b=~"c"})', {"job"}, set(), set()),
        ('count_values("v", x)', set(), set(), {"v"}),
        ("max_over_time(sum by (q) (x)[5m:1m])", {"q"}, set(), set()),
        ("time() - x", None, set(), set()),
        ("predict_linear(x[5m], 60 * 30) > min_over_time(y[5m])", None, set(), set()),
        ("clamp_max(sum by (a) (x), scalar(y))", {"a"}, set(), set()),
    ],
)
def test_result_keeps_labels(expression: str, kept: set[str] | None, dropped: set[str], added: set[str]) -> None:
    labels = parse(expression).labels

    assert (labels.kept if labels.kept is None else set(labels.kept)) == kept
    assert set(labels.dropped) == dropped
    assert set(labels.added) == added


def test_grouping_needs_labels_of_the_series_below() -> None:
    assert needs("sum by (a) (x) / sum by (a) (y)") == {"x": {"a"}, "y": {"a"}}


def test_inner_grouping_hides_what_the_outer_one_needs() -> None:
    assert needs("max by (a) (sum by (a, b) (x))") == {"x": {"a", "b"}}


def test_join_needs_its_labels_on_both_sides_and_takes_the_rest_from_one() -> None:
    assert needs("x * on (a) group_left (v) y") == {"x": {"a"}, "y": {"a", "v"}}


def test_replaced_label_is_not_needed_of_the_series() -> None:
    assert needs('sum by (d) (label_replace(x, "d", "$1", "s", "(.*)"))') == {"x": {"s"}}


@pytest.mark.parametrize(
    "text",
    [
        "sum(",
        "(" * 5000 + "x" + ")" * 5000,
        "x" * (MAXIMUM_LENGTH + 1),
        "",
        "rate(x)",
        "-" * 9000 + "x",
        "x+" * 5000 + "x",
        "# `\n" + "(" * 9000 + "x" + ")" * 9000 + "`",
    ],
)
def test_text_that_is_no_expression_is_a_problem(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text)
