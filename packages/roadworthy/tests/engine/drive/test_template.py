"""Filling requests and reading answers."""

import pytest

from roadworthy.engine.drive.template import Absent, fill, lookup, parsed, same
from roadworthy.model.codec import Json


def test_a_text_that_is_nothing_but_a_name_keeps_the_type_of_its_value() -> None:
    assert fill({"a": "{n}", "b": "x{n}", "c": ["{n}", "{unknown}"]}, {"n": 5}) == {
        "a": 5,
        "b": "x5",
        "c": [5, "{unknown}"],
    }


@pytest.mark.parametrize(
    ("path", "value"), [("a.b", 1), ("list.0.id", "x"), ("list.-1.id", "y"), ("", {"a": {"b": 1}}), ("a.b.c", Absent)]
)
def test_dotted_paths_lead_into_answers(path: str, value: object) -> None:
    body: Json = {"a": {"b": 1}, "list": [{"id": "x"}, {"id": "y"}]}

    found = lookup(body if path else {"a": {"b": 1}}, path)

    assert isinstance(found, Absent) if value is Absent else found == value


def test_numbers_compare_as_json_and_truth_is_no_number() -> None:
    assert same(1.0, 1)
    assert not same(1, True)
    assert not same(Absent(), None)


def test_what_is_no_json_is_nothing() -> None:
    assert parsed("<html>") is None
    assert parsed("[" * 100_000) is None
