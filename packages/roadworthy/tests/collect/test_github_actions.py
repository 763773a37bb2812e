"""GitHub Actions: exact places, folders and inherited settings."""

from roadworthy.collect import github_actions
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole

TEXT = """\
on:
  push:
    branches: [main]
permissions: {contents: read}
jobs:
  test:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - name: é
        working-directory: backend
        run: |
          pip install .
          cd tests && pytest -q
  deploy:
    needs: test
    environment: production
    runs-on: x
    steps:
      - run: kubectl apply -f ${{ inputs.folder }}/x.yml
"""


def read(text: str) -> list[Symbol]:
    """Return what a workflow says."""
    file = SourceFile(".github/workflows/ci.yml", text, FileRole.PROD)
    return [statement for statement in github_actions.collect(file) if isinstance(statement, Symbol)]


def test_commands_have_their_place_and_folder() -> None:
    found = {s.detail.words: (s.at, s.detail.folder) for s in read(TEXT) if isinstance(s.detail, CommandLine)}

    at, folder = found[("pytest", "-q")]
    assert (at.line, at.column, at.end_line, at.end_column) == (14, 23, 14, 31)
    assert folder == "backend/tests"
    assert found[("pip", "install", ".")][1] == "backend"


def test_jobs_know_what_they_need() -> None:
    jobs = {str(s.name): s.detail for s in read(TEXT) if isinstance(s.detail, PipelineJob)}

    assert jobs["deploy"].needs == ("test",)
    assert jobs["deploy"].environment == "production"
    assert jobs["test"].triggers == ("push",)


def test_action_versions_are_told_apart() -> None:
    lines = ["a/b@" + "0" * 40, "a/b@v1.2", "a/b@main", "./x", "docker://a:1", "a/b"]
    text = "on: push\njobs:\n  a:\n    steps:\n" + "".join(f"    - uses: {line}\n" for line in lines)

    assert [s.detail.form for s in read(text) if isinstance(s.detail, ActionUse)] == [
        "hash",
        "tag",
        "branch",
        "local",
        "docker",
        "none",
    ]
