"""Audits of dependencies, and what becomes of their failure."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "security/open-failing-audit"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        (
            ".github/workflows/ci.yml",
            "name: ci\non: push\njobs:\n  audit:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm audit --audit-level=high || true\n",
            Outcome.FAILED,
        ),
        (
            ".github/workflows/ci.yml",
            "name: ci\non: push\njobs:\n  audit:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm audit --audit-level=high\n",
            Outcome.PASSED,
        ),
        (
            ".github/workflows/ci.yml",
            "name: ci\non: push\njobs:\n  audit:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pip-audit -r requirements.txt\n        continue-on-error: true\n",
            Outcome.FAILED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
