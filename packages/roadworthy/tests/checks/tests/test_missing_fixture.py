"""Fixtures are looked up as pytest does: in the file, in each conftest.py above it, in plug-ins."""

import pytest

from repository import inspected
from roadworthy.model.result import Result

_MANIFEST = '[project]\nname = "x"\nversion = "1"\n[dependency-groups]\ndev = ["pytest", "pytest-mock"]\n'
_CONFTEST = "import pytest\n@pytest.fixture\ndef session(tmp_path): return tmp_path\n"


def _result(test: str, **files: str) -> Result:
    given = {"pyproject.toml": _MANIFEST, "tests/conftest.py": _CONFTEST, "tests/unit/test_a.py": test, **files}
    return inspected(given, only="tests/missing-fixture")


@pytest.mark.parametrize(
    "test",
    [
        "def test_a(session, mocker, monkeypatch): assert session\n",
        "import pytest\n@pytest.fixture\ndef own(): return 1\ndef test_a(own): assert own\n",
        "import pytest\n@pytest.mark.parametrize('a, b', [(1, 2)])\ndef test_a(a, b): assert a < b\n",
        "import pytest\n@pytest.mark.parametrize(['a'], [[1]])\nclass TestX:\n    def test_a(self, a): assert a\n",
        "from hypothesis import given, strategies as st\n@given(st.integers())\ndef test_a(number): assert number\n",
        "from unittest.mock import patch\n@patch('a.b')\ndef test_a(made): assert made\n",
        "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): self.assertTrue(1)\n    def helper(self, x): ...\n",
        "def test_a(session, extra=3): assert session\n",
        "def helper(unknown): ...\ndef test_a(session):\n    def test_inner(x): ...\n    assert session\n",
    ],
)
def test_what_pytest_finds_is_no_finding(test: str) -> None:
    assert _result(test).outcome in ("passed", "not-applicable")


def test_a_renamed_fixture_is_found_with_both_sides() -> None:
    (finding,) = _result("def test_a(sesion): assert sesion\n").findings

    assert finding.at is not None
    assert (finding.at.path, finding.related[0].at.path) == ("tests/unit/test_a.py", "tests/conftest.py")
    assert "the nearest is `session`" in finding.message


def test_a_fixture_of_a_conftest_beside_the_tests_is_out_of_sight() -> None:
    other = {"tests/web/conftest.py": "import pytest\n@pytest.fixture\ndef sheet(): return 1\n"}

    (finding,) = _result("def test_a(sheet): assert sheet\n", **other).findings

    assert finding.related[0].at.path == "tests/web/conftest.py"


def test_what_a_plug_in_may_bring_is_not_guessed_at() -> None:
    manifest = _MANIFEST.replace('"pytest-mock"', '"pytest-unheard-of"')

    assert _result("def test_a(thing): assert thing\n", **{"pyproject.toml": manifest}).outcome == "inconclusive"


def test_a_star_import_hides_fixtures() -> None:
    conftest = _CONFTEST + "from shared import *\n"

    assert _result("def test_a(thing): assert thing\n", **{"tests/conftest.py": conftest}).outcome == "inconclusive"
