"""Versions past their end, pipelines that do not look at the code, and marks of unfinished work."""

import pytest

from releasing import runs, workflow
from repository import inspected
from roadworthy.model.words import Outcome

BASE, ACTION, GATE = "delivery/obsolete-base", "delivery/obsolete-action", "delivery/missing-quality-gate"


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("python:3.7-slim", True),
        ("python:3.8", True),
        ("python:3.12-slim-buster", True),
        ("python:3", False),
        ("python:3.12-slim", False),
        ("node:14-alpine", True),
        ("node:18.20.1", True),
        ("node:22", False),
        ("debian:buster-slim", True),
        ("debian:bookworm", False),
        ("ubuntu:18.04", True),
        ("ubuntu:24.04", False),
        ("alpine:3.12", True),
        ("alpine:3.22", False),
        ("postgres:9.6", True),
        ("postgres:16", False),
        ("redis:7.4-alpine", False),
        ("mcr.microsoft.com/dotnet/aspnet:6.0", True),
        ("acme/python:3.7", False),
        ("registry.example.org/python:3.7", False),
    ],
)
def test_version_of_an_image_is_looked_up(image: str, *, found: bool) -> None:
    files = {"Dockerfile": f"FROM {image}\nCMD ['x']\n"}

    assert bool(inspected(files, BASE).findings) is found


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("uses: actions/checkout@v1", True),
        ("uses: actions/checkout@v3.5.2", True),
        ("uses: actions/upload-artifact@v3", True),
        ("uses: actions/cache@v2", True),
        ("uses: docker/build-push-action@v2", True),
        ("uses: actions/checkout@v5", False),
        ("uses: actions/upload-artifact@v4", False),
        ("uses: actions/checkout@main", False),
        ("uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", False),
        ('run: echo "::set-output name=a::b"', True),
        ('run: echo "a=b" >> $GITHUB_OUTPUT', False),
    ],
)
def test_version_of_an_action_is_looked_up(step: str, *, found: bool) -> None:
    assert bool(inspected(workflow(step), ACTION).findings) is found


def test_runner_that_was_taken_away_is_found() -> None:
    files = {
        ".github/workflows/a.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: make\n"
    }

    (finding,) = inspected(files, ACTION).findings

    assert "ubuntu-24.04" in finding.repair


@pytest.mark.parametrize(
    "gate", ["ruff check .", "npm run lint", "npx eslint .", "mypy src", "make lint", "npx tsc --noEmit"]
)
def test_gate_counts_whatever_it_is(gate: str) -> None:
    files = {"package.json": '{"scripts": {"lint": "eslint ."}}', "Makefile": "lint:\n\truff check\n"}

    assert inspected(workflow(*runs("pytest", gate)) | files, GATE).outcome is Outcome.PASSED


def test_pipeline_without_a_gate_is_found() -> None:
    assert inspected(workflow(*runs("pip install ruff", "pytest")), GATE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "files",
    [
        workflow(*runs("tox")),
        workflow("uses: ./.github/actions/elsewhere"),
        workflow(*runs("pytest")) | {".pre-commit-config.yaml": "repos: []\n"},
        workflow(*runs("pytest")) | {"Jenkinsfile": "pipeline {}\n"},
    ],
)
def test_gate_that_may_stand_elsewhere_is_left_open(files: dict[str, str]) -> None:
    assert inspected(files, GATE).outcome is Outcome.INCONCLUSIVE


def test_mark_in_code_that_ships_is_found_once_a_file() -> None:
    files = {"app.py": "# TODO: a\n# FIXME b\nx = 1\n", "tests/test_app.py": "# TODO\n", "b.py": "TODO = 1\n"}

    (finding,) = inspected(files, "delivery/unfinished-work").findings

    assert "1 more" in finding.message


def test_route_that_is_not_there_yet_is_found() -> None:
    text = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a():\n    raise NotImplementedError\n"
    base = "from abc import abstractmethod\nclass A:\n    @abstractmethod\n    def b(self):\n        raise NotImplementedError\n"

    assert inspected({"main.py": text}, "delivery/unfinished-route").outcome is Outcome.FAILED
    assert not inspected({"main.py": base}, "delivery/unfinished-route").findings
