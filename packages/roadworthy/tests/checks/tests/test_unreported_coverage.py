"""Coverage reports that a pipeline keeps, and those the runner writes."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "tests/unreported-coverage"
_CI = """name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: RUN
      - uses: ACTION
        with:
          INPUT
"""


def _files(run: str, action: str, given: str, more: dict[str, str] | None = None) -> dict[str, str]:
    text = _CI.replace("RUN", run).replace("ACTION", action).replace("INPUT", given)
    return {
        ".github/workflows/ci.yml": text,
        "package.json": '{"scripts": {"test": "vitest run --coverage"}}',
        **(more or {}),
    }


@pytest.mark.parametrize(
    "files",
    [
        _files("pytest --cov=app", "actions/upload-artifact@v4", "path: coverage.xml"),
        _files("pytest --cov=app", "codecov/codecov-action@v5", "files: ./coverage.xml"),
        _files("pytest --cov --cov-report=xml:out.xml", "codecov/codecov-action@v5", "files: coverage.xml"),
        _files("pytest --cov --cov-report=xml", "codecov/codecov-action@v5", "files: reports/coverage.xml"),
        _files("npx vitest run --coverage", "coverallsapp/github-action@v2", "file: coverage/lcov.info"),
    ],
)
def test_a_report_nobody_writes_is_found(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert found.findings[0].related


@pytest.mark.parametrize(
    "files",
    [
        _files("pytest --cov --cov-report=xml", "actions/upload-artifact@v4", "path: coverage.xml"),
        _files("pytest --cov", "codecov/codecov-action@v5", "files: coverage.xml", {"pytest.ini": "[pytest]\naddopts = --cov-report xml\n"}),
        _files("pytest --cov --cov-report=xml", "codecov/codecov-action@v5", "files: backend/coverage.xml", {"backend/a.py": "x = 1\n"}),
        _files("|\n          pytest --cov\n          coverage xml", "codecov/codecov-action@v5", "files: coverage.xml"),
        _files("npx jest --coverage", "codecov/codecov-action@v5", "files: coverage/lcov.info"),
        _files("npx vitest run --coverage", "codecov/codecov-action@v5", "files: coverage/lcov.info", {"vitest.config.ts": 'export default { test: { coverage: { reporter: ["lcov"] } } };\n'}),
    ],
)  # fmt: skip
def test_a_report_that_is_written_holds(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.PASSED, found.reason


@pytest.mark.parametrize("given", ["path: coverage/", "path: '**/coverage.xml'", "name: report"])
def test_other_files_are_not_judged(given: str) -> None:
    assert not inspected(_files("pytest --cov", "actions/upload-artifact@v4", given), _RULE).findings
