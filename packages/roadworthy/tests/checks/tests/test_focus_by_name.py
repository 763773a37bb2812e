"""Focus that is part of a case's or suite's name."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_TEXT = 'FUNCTION("adds", () => { it("one", () => { expect(1 + 1).toBe(2); }); });\n'


@pytest.mark.parametrize(
    "function", ["describe.only", "fdescribe", "it.only", "fit", "test.only", "context.only", "fcontext"]
)
def test_a_focus_is_found(function: str) -> None:
    found = inspected({"src/a.test.ts": _TEXT.replace("FUNCTION", function)}, "tests/focused-or-skipped-test")

    assert found.outcome is Outcome.FAILED


@pytest.mark.parametrize("function", ["describe", "it", "context", "describe.each([1])"])
def test_without_a_focus_it_holds(function: str) -> None:
    found = inspected({"src/a.test.ts": _TEXT.replace("FUNCTION", function)}, "tests/focused-or-skipped-test")

    assert found.outcome is Outcome.PASSED
