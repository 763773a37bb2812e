"""environments/version-drift."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "environments/version-drift"
SERVICE = {
    "Dockerfile": 'FROM python:3.12-slim AS build\nRUN pip install x\nFROM python:3.12-slim\nCOPY app.py .\nCMD ["python", "app.py"]\n',
    "app.py": "print(1)\n",
    "compose.yaml": "services:\n  api:\n    build: .\n  db:\n    image: postgres:16.9-alpine\n  cache:\n    image: redis:7.2\n",
}
SETUP = "jobs:\n  t:\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: %s}\n"
SERVED = "jobs:\n  t:\n    services:\n      db: {image: '%s'}\n    steps: [{run: pytest}]\n"


@pytest.mark.parametrize(
    ("path", "text", "at"),
    [
        (".github/workflows/ci.yml", SETUP % '"3.11"', "Dockerfile"),
        (".github/workflows/ci.yml", SETUP % '["3.10", "3.11"]', "Dockerfile"),
        (".github/workflows/ci.yml", SERVED % "postgres:13", "compose.yaml"),
        (".github/workflows/ci.yml", SERVED % "redis:6", "compose.yaml"),
        (".gitlab-ci.yml", "t:\n  image: python:3.9\n  script: [pytest]\n", "Dockerfile"),
        (".python-version", "3.13.1\n", "Dockerfile"),
        (".tool-versions", "python 3.11.4\npostgres 16.1\n", "Dockerfile"),
        ("runtime.txt", "python-3.10.4\n", "Dockerfile"),
        ("pyproject.toml", '[project]\nname = "a"\nrequires-python = ">=3.13"\n', "Dockerfile"),
        ("compose.override.yaml", "services:\n  db:\n    image: postgres:14\n", "compose.yaml"),
        ("k8s/db.yaml", "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {containers: [{name: db, image: 'postgres:15'}]}}}\n", "compose.yaml"),
    ],
)  # fmt: skip
def test_other_version_fails_and_shows_production(path: str, text: str, at: str) -> None:
    result = inspected({**SERVICE, path: text}, RULE)

    assert result.outcome is Outcome.FAILED, result.reason
    (finding,) = result.findings
    assert finding.at is not None
    assert {finding.at.path, *(r.at.path for r in finding.related)} == {path, at}


def test_stage_that_builds_with_another_version_fails() -> None:
    files = {**SERVICE, "Dockerfile": SERVICE["Dockerfile"].replace("3.12-slim AS", "3.13-slim AS")}

    assert inspected(files, RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/ci.yml", SETUP % '["3.11", "3.12"]'),
        (".github/workflows/ci.yml", SETUP % "${{ inputs.python }}"),
        (".github/workflows/ci.yml", SETUP % '"3.x"'),
        (".github/workflows/ci.yml", SERVED % "postgres:16-alpine"),
        (".github/workflows/ci.yml", SERVED % "postgres:latest"),
        (".python-version", "3.12\n"),
        (".python-version", "pypy3.10\n"),
        (".tool-versions", "nodejs 20.1.0\npython 3.12.4\n"),
        ("pyproject.toml", '[project]\nname = "a"\nrequires-python = ">=3.11,<4"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\n'),
        ("pyproject.toml", '[project]\nname = "a"\nrequires-python = "~=3.12"\n'),
        ("docs/compose.yaml", "services:\n  db:\n    image: postgres:9\n"),
        ("compose.override.yaml", "services:\n  db:\n    image: postgres:16.1\n"),
        ("frontend/package.json", '{"engines": {"node": ">=20"}}'),
    ],
)
def test_versions_that_agree_hold(path: str, text: str) -> None:
    assert inspected({**SERVICE, path: text}, RULE).outcome is Outcome.PASSED


def test_matrix_of_the_whole_job_counts() -> None:
    job = (
        "jobs:\n  t:\n    strategy: {matrix: {python: ['3.9', '3.10'], include: [{python: '3.12'}]}}\n    steps:\n"
        "    - uses: actions/setup-python@v5\n      with: {python-version: '${{ matrix.python }}'}\n"
    )

    assert inspected({**SERVICE, ".github/workflows/ci.yml": job}, RULE).outcome is Outcome.PASSED
    without = job.replace(", include: [{python: '3.12'}]", "")
    assert inspected({**SERVICE, ".github/workflows/ci.yml": without}, RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("engines", "outcome"),
    [(">=20", Outcome.PASSED), ("^20.1.0", Outcome.PASSED), ("18.x || 20.x", Outcome.PASSED), ("18.x", Outcome.FAILED),
     (">=18 <20", Outcome.FAILED), (">=22", Outcome.FAILED), ("*", Outcome.PASSED)],
)  # fmt: skip
def test_engines_are_read_as_npm_reads_them(engines: str, outcome: Outcome) -> None:
    files = {
        "Dockerfile": 'FROM node:20-alpine\nCOPY server.js .\nCMD ["node", "server.js"]\n',
        "server.js": "1\n",
        "package.json": f'{{"engines": {{"node": "{engines}"}}}}',
    }

    assert inspected(files, RULE).outcome is outcome
