"""Every rule's page shows a repository that breaks it and the same put right; both are inspected."""

import pytest

from repository import example, gathered
from roadworthy.engine.catalogue import checks
from roadworthy.engine.fold import fold
from roadworthy.model.rule import Check
from roadworthy.model.words import Outcome

CHECKS = checks()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_example_under_fails_breaks_the_rule(check: Check) -> None:
    files = example(check.page, "Fails")

    result = fold(check, gathered(files))

    assert files, "the page shows no failing example"
    assert result.outcome is Outcome.FAILED, result.reason
    assert all(finding.repair for finding in result.findings)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_example_under_passes_holds(check: Check) -> None:
    files = example(check.page, "Passes")

    result = fold(check, gathered(files))

    assert files, "the page shows no passing example"
    assert result.outcome is Outcome.PASSED, f"{result.reason} {result.findings}"
