"""The gate names the step that fails and counts the tests of all suites."""

import sys
from pathlib import Path

import pytest

from tools.quality import ROOT, Step, closing_line, first_failure


def test_first_failing_step_stops_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    steps = [
        Step(name, (sys.executable, "-c", f"raise SystemExit({code})")) for name, code in (("a", 0), ("b", 1), ("c", 0))
    ]

    failed = first_failure(iter(steps))

    assert failed is steps[1]
    assert "── c" not in capfd.readouterr().out


def test_counts_of_all_suites_are_summed(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        '<testsuites><testsuite tests="5" failures="1" errors="0" skipped="1"/></testsuites>'
    )
    (tmp_path / "b.xml").write_text(
        '<testsuites><testsuite tests="3" failures="0" errors="0" skipped="0"/></testsuites>'
    )

    line = closing_line(sorted(tmp_path.glob("*.xml")), 1.5)

    assert line.strip("= ") == "1 failed, 6 passed, 1 skipped in 1.50s"


def test_every_source_folder_is_a_package_so_that_import_rules_see_it() -> None:
    folders = {file.parent for file in ROOT.glob("packages/*/src/*/**/*.py")}

    assert sorted(folder for folder in folders if not (folder / "__init__.py").exists()) == []
