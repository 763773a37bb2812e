"""Which commands run tests, and which hide whether they do; `test_programs.toml` lists the programs."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TypedDict

_TABLE = Path(__file__).with_suffix(".toml")
_TEXT = re.compile(
    r"\b(pytest|py\.test|unittest|manage\.py test|vitest|jest|mocha|tox|nox|go test|cargo test|npm (?:run )?test|playwright test|"
    r"coverage run)\b"
)
_PYTHON = re.compile(r"(?:-\S+ )*-m (pytest|unittest|nose2|coverage run|behave)\b|(?:\S*/)?manage\.py test\b")
_HARMLESS_PYTHON = re.compile(
    r"(?:-V|--version|-m (?:pip|venv|build|twine|compileall|mypy|ruff|black|flake8|isort|pip_audit|bandit|pytest|alembic)\b|-c )"
    r"|(?:\S*/)?manage\.py (?:check|make\w*|migrate|showmigrations|sqlmigrate|collectstatic|loaddata|dumpdata|flush|createsuperuser"
    r"|compilemessages|createcachetable|diffsettings|inspectdb|sendtestemail|spectacular|clearsessions)\b"
)
# What makes a runner say which tests there are, or who it is, instead of running them.
_LISTING = frozenset(
    """
    --collect-only --collectonly --co --fixtures --markers --setup-plan --listTests --showConfig --list --list-tests --help
    --version --dry-run
    """.split()
)
_ACTION = re.compile(
    r"test|tox|nox|cypress|playwright|jest|bazel|earthly|dagger|devcontainers?/ci|nix|moon|pre-commit|/run-",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"(?:[\w.:-]+/)*([\w.-]+?)(?::[\w.-]+)?(?:@sha256:\w+)?")
_SETUP = re.compile(
    r"^(actions|docker|astral-sh|github|codecov|azure|aws-actions|google-github-actions|hashicorp)/|report|setup-|results",
    re.IGNORECASE,
)


class _Table(TypedDict):
    runners: str
    hiding: str
    tools: str
    verbs: dict[str, str]


def runner(program: str, words: tuple[str, ...]) -> str:
    """Return how a command that runs tests is called, "" where it runs none."""
    if _LISTING & set(words):
        return ""
    if program in _runners() and not (program == "playwright" and {"install", "install-deps"} & set(words)):
        return "" if program == "vitest" and words[1:2] == ("list",) else program
    verbs = _verbs().get(program, frozenset())
    if verb := next((word for word in words[1:] if word in verbs), ""):
        return f"{program} {verb}"
    if program.startswith("python"):
        found = _PYTHON.match(" ".join(words[1:]))
        return (found[1] or "manage.py test") if found else ""
    if program == "manage.py" and "test" in words:
        return "manage.py test"
    if program == "coverage" and words[1:2] == ("run",):
        return "coverage run"
    return ""


def may_run(program: str, words: tuple[str, ...]) -> bool:
    """Tell whether a command does what a file says that is not read, which may be to run tests."""
    return program in _hiding() and len(words) > 1 and not _harmless(program, words)


def tool_of_container(words: tuple[str, ...]) -> str:
    """Return the image that `docker run` starts where it is a tool that never runs the tests of a repository."""
    for word in words[2:]:
        if not word.startswith("-") and (found := _IMAGE.fullmatch(word)) and found[1] in _tools():
            return word
    return ""


def mentioned(text: str) -> bool:
    """Tell whether a text names a program that runs tests."""
    return _TEXT.search(text) is not None


def may_run_in(action: str) -> bool:
    """Tell whether the name of an action of another repository suggests that it runs tests."""
    return _ACTION.search(action) is not None and _SETUP.search(action) is None


def _harmless(program: str, words: tuple[str, ...]) -> bool:
    joined = " ".join(words[1:])
    if program.startswith("python"):
        return _HARMLESS_PYTHON.match(joined) is not None
    return joined in ("--version", "-v") or (program == "node" and words[1] in ("-p", "-e", "--print", "--eval"))


@cache
def _table() -> _Table:
    table: _Table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))  # type: ignore[assignment] # our own file
    return table


@cache
def _runners() -> frozenset[str]:
    return frozenset(_table()["runners"].split())


@cache
def _hiding() -> frozenset[str]:
    return frozenset(_table()["hiding"].split())


@cache
def _tools() -> frozenset[str]:
    return frozenset(_table()["tools"].split())


@cache
def _verbs() -> dict[str, frozenset[str]]:
    return {program: frozenset(verbs.split()) for program, verbs in _table()["verbs"].items()}
