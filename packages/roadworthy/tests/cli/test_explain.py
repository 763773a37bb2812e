"""`roadworthy explain` takes a rule or the id of a finding; SARIF output leaves the gate to its reader."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from roadworthy.cli.exit_code import ExitCode
from roadworthy.cli.main import commands, run

PROTOTYPE = Path(__file__).resolve().parents[4] / "examples" / "prototype"


@pytest.fixture
def inspected(tmp_path: Path) -> Path:
    root = shutil.copytree(PROTOTYPE, tmp_path / "prototype", ignore=shutil.ignore_patterns(".roadworthy"))
    assert run(["inspect", str(root), "--output", str(tmp_path / "text.txt")]) == ExitCode.FINDINGS
    return root


def test_a_finding_is_explained_by_the_id_that_the_text_shows(inspected: Path) -> None:
    line = next(
        line
        for line in (inspected.parent / "text.txt").read_text(encoding="utf-8").splitlines()
        if "monitoring/unknown-metric" in line
    )
    identity = line.partition("(")[2].partition(",")[0]

    shown = CliRunner().invoke(commands(), ["explain", identity, "--from", str(inspected)])

    assert shown.exit_code == 0
    assert "looked up:" in shown.output
    assert "app/main.py:13:22" in shown.output


@pytest.mark.parametrize("rule", ["monitoring/unknown-metric", "unknown-metric"])
def test_a_rule_is_explained_by_its_name(rule: str) -> None:
    shown = CliRunner().invoke(commands(), ["explain", rule])

    assert shown.exit_code == 0
    assert "## Repair" in shown.output


def test_an_id_without_a_run_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "abcd1234", "--from", str(tmp_path)]) == ExitCode.USAGE

    assert "roadworthy inspect" in capsys.readouterr().err


def test_sarif_exits_with_0_in_spite_of_findings(inspected: Path) -> None:
    target = inspected.parent / "log.sarif"

    assert run(["inspect", str(inspected), "--format", "sarif", "--output", str(target)]) == ExitCode.OK
    assert json.loads(target.read_text(encoding="utf-8"))["runs"][0]["results"]
