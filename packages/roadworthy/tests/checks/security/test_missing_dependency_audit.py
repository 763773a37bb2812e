"""Pipelines that audit the dependencies, and what does it for them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "security/missing-dependency-audit"
_CI = "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n      - run: pytest\n"
_FILES = {".github/workflows/ci.yml": _CI, "requirements.txt": "fastapi==0.115.0\n"}


def test_a_pipeline_without_an_audit_is_found() -> None:
    found = inspected(_FILES, _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert {r.at.path for r in found.findings[0].related} == {"requirements.txt"}


@pytest.mark.parametrize(
    "more",
    [
        {".github/workflows/ci.yml": _CI + "      - run: uv run pip-audit\n"},
        {".github/workflows/ci.yml": _CI + "      - run: npm audit --omit=dev\n"},
        {".github/workflows/ci.yml": _CI + "      - uses: aquasecurity/trivy-action@v0.30.0\n"},
        {".github/workflows/nightly.yml": _CI.replace("pytest", "osv-scanner scan .")},
        {".github/dependabot.yml": "version: 2\nupdates: []\n"},
        {"renovate.json": "{}"},
    ],
)
def test_an_audit_anywhere_holds(more: dict[str, str]) -> None:
    assert inspected(_FILES | more, _RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize("step", ["make ci", "tox", "nix flake check"])
def test_a_step_that_may_audit_is_not_judged(step: str) -> None:
    files = _FILES | {".github/workflows/ci.yml": _CI + f"      - run: {step}\n"}

    assert inspected(files, _RULE).outcome is Outcome.INCONCLUSIVE


def test_a_repository_without_dependencies_needs_none() -> None:
    assert not inspected({".github/workflows/ci.yml": _CI}, _RULE).findings
