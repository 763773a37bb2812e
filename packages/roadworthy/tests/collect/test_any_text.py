"""Whatever a file of pipelines, tests, manifests, documents or tables holds, reading it ends in statements or one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

PATHS = {
    "github-values": ".github/workflows/ci.yml",
    "pipeline-versions": ".github/workflows/ci.yml",
    "versions": ".tool-versions",
    "names-mentioned": "app/a.py",
    "documented-variables": "README.md",
    "python/secret-guards": "app/a.py",
    "python/addresses": "app/a.py",
    "github-actions": ".github/workflows/ci.yml",
    "gitlab-ci": ".gitlab-ci.yml",
    "makefile": "Makefile",
    "markdown": "README.md",
    "manifest/package-json": "package.json",
    "manifest/pyproject": "pyproject.toml",
    "manifest/requirements": "requirements.txt",
    "platform-pipelines": "Jenkinsfile",
    "python/erasure": "app/a.py",
    "python/nox": "noxfile.py",
    "python/secret-defaults": "app/a.py",
    "python/tables": "app/a.py",
    "python/tests": "tests/test_a.py",
    "secret-text": "app/a.py",
    "sql": "migrations/a.sql",
    "test-configuration": "setup.cfg",
    "migrating-code": "app/a.py",
    "platform/fly": "fly.toml",
    "platform/railway": "railway.json",
    "platform/render": "render.yaml",
    "platform/vercel": "vercel.json",
    "python/migrations": "migrations/a.py",
    "python/unfinished-routes": "app/a.py",
    "sql-migrations": "migrations/1_a.sql",
    "unfinished": "app/a.py",
    "tox": "tox.ini",
}
WORDS = st.sampled_from(
    [
        "on: push\njobs:\n  a:\n    steps:\n    - run: ",
        "- uses: a/b@v1\n",
        "|\n      cd x\n",
        "[pytest]\n",
        "[testenv]\ncommands =\n  ",
        "# Heading\n",
        "```sh\nmake a\n```\n",
        "[x](y.md#z)",
        "a: b\n\tpytest || true\n",
        "define x\n",
        "$(A)",
        "$(",
        "${{ x }}",
        "CREATE TABLE a (b int REFERENCES c (d) ON DELETE CASCADE);\n",
        "ALTER TABLE a ADD ",
        "DELETE FROM a",
        "'",
        "--",
        "/*",
        "(",
        '[project]\ndependencies = ["a==1"]\n',
        "[tool.pytest.ini_options]\n",
        '"""',
        '{"scripts": {"a": "b"}}',
        "a==1 --hash=x\n",
        "def test_a():\n    pass\n",
        'class A(Base):\n    __tablename__ = "a"\n    b = Column(ForeignKey("c.d"))\n',
        "é𝄞\n",
        "\r\n",
        "\\\n",
        'x = f"DELETE FROM {a}"\n',
        'SECRET_KEY = "abc"\n',
        "-----BEGIN PRIVATE KEY-----\n",
        "AKIAQ3EGRTPWZ5K7V2MN",
        " ",
        "\n",
        "\t",
    ]
)


@pytest.mark.parametrize("name", sorted(PATHS))
@given(text=st.lists(WORDS | st.text(max_size=12), max_size=12).map("".join))
def test_any_text_is_read_within_its_bounds(name: str, text: str) -> None:
    collector = next(collector for collector in collectors() if collector.name == name)
    file = SourceFile(PATHS[name], text, FileRole.PROD)
    lines = text.split("\n")

    try:
        statements = list(collector.collect(file)) if collector.recognises(file) else []
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= len(text.splitlines()) + 1
        return

    for statement in statements:
        assert isinstance(statement, Symbol | Open | Problem)
        at = statement.at
        assert at.path == PATHS[name]
        assert 1 <= at.line <= at.end_line <= len(lines) + text.count("\r") + text.count("\f")
        assert at.column >= 1
        assert at.end_column >= 1
