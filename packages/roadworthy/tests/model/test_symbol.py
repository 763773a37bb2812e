"""Names that are known in part."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.model.symbol import Pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("/a/*/b", "/a/x/b", True),
        ("/a/*/b", "/a/x/y/b", False),
        ("/a/**", "/a/x/y/b", True),
        ("*_total", "orders_total", True),
        ("*_total", "a/orders_total", False),
        ("a*a", "a", False),
        ("***", "x/y", True),
        ("", "", True),
    ],
)
def test_star_stays_within_a_segment_and_two_do_not(pattern: str, text: str, *, matches: bool) -> None:
    assert Pattern(pattern).matches(text) is matches


@given(st.text(alphabet="ab/*", max_size=8), st.text(alphabet="ab/", max_size=8))
def test_it_says_what_a_regular_expression_says(pattern: str, text: str) -> None:
    parts = re.split(r"(\*+)", pattern)
    expression = "".join(
        (".*" if part.startswith("**") else "[^/]*") if part.startswith("*") else re.escape(part) for part in parts
    )

    assert Pattern(pattern).matches(text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_many_stars_cost_no_more_than_their_number() -> None:
    assert not Pattern("*a" * 40).matches("a" * 4000 + "b")
