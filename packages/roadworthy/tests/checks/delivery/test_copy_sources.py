"""What COPY takes, against the repository and .dockerignore."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

MISSING, IGNORED = "delivery/missing-copy-source", "delivery/ignored-copy-source"


def test_missing_source_names_the_nearest_path() -> None:
    files = {"api/Dockerfile": "FROM python:3.12\nCOPY requirement.txt .\n", "api/requirements.txt": "x\n"}

    (finding,) = inspected(files, MISSING).findings

    assert "`requirement.txt`" in finding.message
    assert "`requirements.txt`" in finding.message
    assert finding.related[0].at.path == "api/requirements.txt"


def test_context_of_compose_decides_where_sources_are_looked_for() -> None:
    files = {
        "api/Dockerfile": "FROM python:3.12\nCOPY main.py .\n",
        "api/main.py": "x = 1\n",
        "compose.yaml": "services:\n  api:\n    build: {context: ., dockerfile: api/Dockerfile}\n",
    }

    (finding,) = inspected(files, MISSING).findings

    assert finding.repair == "Copy `api/main.py`"


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": "FROM a:1\nCOPY dist/ .\n"},
        {"Dockerfile": "FROM a:1\nCOPY bundle.js .\n", ".gitignore": "bundle.js\n"},
        {"Dockerfile": "FROM a:1\nCOPY module .\n", ".gitmodules": "[submodule]\n"},
    ],
)
def test_what_may_be_made_before_the_build_is_left_open(files: dict[str, str]) -> None:
    assert inspected(files, MISSING).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": "FROM a:1\nCOPY poetry.lock* pyproject.toml ./\n", "pyproject.toml": "\n"},
        {"docker/Dockerfile": "FROM a:1\nCOPY app ./\n", "app/main.py": "x = 1\n"},
        {"Dockerfile": "FROM a:1\nADD https://example.com/x.tgz /x\n"},
        {"Dockerfile": "FROM a:1 AS unused\nCOPY nothing .\nFROM b:1\n"},
        {"Dockerfile": "FROM a:1\nCOPY <<EOF /x\nhello\nEOF\n"},
        {"tests/Dockerfile": "FROM a:1\nCOPY nothing .\n"},
        {"Dockerfile": "ARG F\nFROM a:1\nARG F\nCOPY $F .\n"},
        {"Dockerfile": "FROM a:1\nONBUILD COPY nothing .\n"},
    ],
)
def test_sound_copies_give_no_finding(files: dict[str, str]) -> None:
    assert inspected(files, MISSING).findings == ()


def test_ignored_source_shows_the_line_that_ignores_it() -> None:
    files = {
        "Dockerfile": "FROM a:1\nCOPY scripts/run.sh /\nCOPY docs docs\n",
        ".dockerignore": "docs\n*\n!src\n",
        "scripts/run.sh": "x\n",
        "docs/a.md": "x\n",
        "src/a.py": "x = 1\n",
    }

    findings = inspected(files, IGNORED).findings

    assert [(f.at.line if f.at else 0, f.related[0].at.line) for f in findings] == [(2, 2), (3, 1)]


def test_exceptions_and_own_ignore_files_let_sources_in() -> None:
    files = {
        "Dockerfile": "FROM a:1\nCOPY docs docs\nCOPY . .\n",
        "Dockerfile.dockerignore": "*.md\n!docs/keep.md\n",
        ".dockerignore": "docs\n",
        "docs/a.md": "x\n",
        "docs/keep.md": "x\n",
    }

    assert inspected(files, IGNORED).outcome is Outcome.PASSED
