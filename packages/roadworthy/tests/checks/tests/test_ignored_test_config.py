"""Sections that configure a test tool, and files that outrank them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "tests/ignored-test-config"
PYPROJECT = '[tool.pytest.ini_options]\naddopts = "--strict-markers"\n'


def test_empty_pytest_ini_outranks_pyproject_and_both_places_are_shown() -> None:
    result = inspected({"pytest.ini": "", "pyproject.toml": PYPROJECT}, RULE)

    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == ("pyproject.toml", 1)
    assert [related.at.path for related in finding.related] == ["pytest.ini"]
    assert "even though it is empty" in finding.message


def test_wrong_header_in_setup_cfg_is_not_heard() -> None:
    result = inspected({"setup.cfg": "[metadata]\nname = a\n\n[pytest]\naddopts = -q\n"}, RULE)

    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.line, finding.at.column) == (4, 1)
    assert "[tool:pytest]" in finding.message


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("tox.ini", "tool:pytest"),
        ("pytest.ini", "tool:pytest"),
        ("setup.cfg", "tool.pytest.ini_options"),
        ("pyproject.toml", "pytest"),
        ("pyproject.toml", "tool.pytest_ini_options"),
    ],
)
def test_header_of_another_file_is_not_heard(path: str, section: str) -> None:
    value = '"-q"' if path.endswith("toml") else "-q"

    result = inspected({path: f"[{section}]\naddopts = {value}\n"}, RULE)

    assert result.outcome is Outcome.FAILED


def test_tox_ini_outranks_setup_cfg() -> None:
    files = {"tox.ini": "[pytest]\naddopts = -q\n", "setup.cfg": "[tool:pytest]\ntestpaths = tests\n"}

    (finding,) = inspected(files, RULE).findings

    assert finding.at is not None
    assert finding.at.path == "setup.cfg"


def test_coveragerc_outranks_pyproject() -> None:
    files = {".coveragerc": "[run]\nbranch = True\n", "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n"}

    (finding,) = inspected(files, RULE).findings

    assert "report.fail_under" in finding.message
    assert [related.at.path for related in finding.related] == [".coveragerc"]


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": PYPROJECT},
        {"setup.cfg": "[tool:pytest]\naddopts = -q\n"},
        {"tox.ini": "[pytest]\naddopts = -q\n"},
        {"pytest.ini": "[pytest]\naddopts = -q\n", "pyproject.toml": "[tool.coverage.run]\nbranch = true\n"},
        {"pytest.ini": "[pytest]\naddopts = -q\n", "setup.cfg": "[flake8]\nmax-line-length = 100\n"},
        {"backend/pytest.ini": "[pytest]\naddopts = -q\n", "pyproject.toml": PYPROJECT},
        {"pytest.ini": "[pytest]\naddopts = -q\n", "tox.ini": "[testenv]\ncommands = pytest\n"},
    ],
)
def test_one_configuration_of_each_tool_holds(files: dict[str, str]) -> None:
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_same_options_in_two_files_lose_nothing() -> None:
    files = {"tox.ini": "[pytest]\naddopts = -q\n", "setup.cfg": "[tool:pytest]\naddopts = -q\n"}

    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_file_named_on_the_command_line_is_the_one_that_counts() -> None:
    files = {
        "pytest.ini": "[pytest]\n",
        "pyproject.toml": PYPROJECT,
        "Makefile": "test:\n\tpytest -c pyproject.toml\n",
    }

    (finding,) = inspected(files, RULE).findings or (None,)

    assert finding is None or (finding.at is not None and finding.at.path == "pytest.ini")


def test_native_table_depends_on_the_version() -> None:
    table = '[tool.pytest]\naddopts = ["-q"]\n'

    unknown = inspected({"pyproject.toml": table}, RULE)
    known = inspected({"pyproject.toml": table + '[dependency-groups]\ndev = ["pytest>=9.0"]\n'}, RULE)

    assert unknown.outcome is Outcome.INCONCLUSIVE
    assert known.outcome is Outcome.PASSED
