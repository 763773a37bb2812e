"""Focus and unexplained skips are found; explained and conditional ones are not."""

import pytest

from repository import inspected


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        ("a.test.js", 'test.only("a", () => { expect(f()).toBe(1); });\n', "failed"),
        ("a.test.js", 'test("a", () => { expect(f()).toBe(1); });\n', "passed"),
        ("test_a.py", "import pytest\n@pytest.mark.skip\ndef test_a(): assert f()\n", "failed"),
        ("test_a.py", "import pytest\n@pytest.mark.skip()\ndef test_a(): assert f()\n", "failed"),
        ("test_a.py", "import pytest\n@pytest.mark.skip(reason='needs X')\ndef test_a(): assert f()\n", "passed"),
        ("test_a.py", "import pytest\n@pytest.mark.skip('needs X')\ndef test_a(): assert f()\n", "passed"),
        (
            "test_a.py",
            "import pytest, sys\n@pytest.mark.skipif(sys.version_info < (3, 9))\ndef test_a(): assert f()\n",
            "passed",
        ),
        ("examples/a.test.js", 'test.only("a", () => { expect(f()).toBe(1); });\n', "not-applicable"),
    ],
)
def test_marks_of_a_case(path: str, text: str, outcome: str) -> None:
    assert inspected({path: text}, only="tests/focused-or-skipped-test").outcome == outcome


def test_one_file_with_cases_is_enough_for_a_suite() -> None:
    files = {"tests/test_a.py": "def test_a(): assert f()\n", "tests/test_data.py": "ROWS = [1]\n"}

    assert inspected(files, only="tests/empty-suite").outcome == "passed"


def test_files_of_tests_without_any_test_are_found_once() -> None:
    files = {"tests/test_a.py": "def a(): assert f()\n", "tests/test_b.py": "def b(): assert f()\n"}

    assert len(inspected(files, only="tests/empty-suite").findings) == 1
