"""A certificate names what was proved, and can be checked against the tree as it is now."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from repository import write
from roadworthy.engine import certificate, certify, run_folder
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.error import RoadworthyError
from roadworthy.model.report import Report
from roadworthy.model.result import Evidence, Result, TrialKind
from roadworthy.model.words import Criterion, Family, Outcome, Severity
from roadworthy.report import json as as_json

FILES = {"app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi==0.115.6\n"}
DRILL = Result(
    "errors/dependency-hangs",
    Criterion.ERRORS,
    Severity.MAJOR,
    Family.SOURCE,
    TrialKind.DRILL,
    Outcome.PASSED,
    "",
    evidence=(Evidence("evidence/x.log", "0" * 64, "the log"),),
)


def certified(root: Path) -> tuple[str, Report]:
    """Return the certificate of a tree and its report."""
    facts = gather(root)
    report = certify.report(facts, (*judge(facts), DRILL), path=".")
    folder = run_folder.create(root)
    (folder / "report.json").write_text(as_json.render(report), encoding="utf-8")
    return certificate.render(report, certificate.tree_digest(root), folder), report


def test_certificate_of_an_unchanged_tree_holds(tmp_path: Path) -> None:
    root = write(FILES, tmp_path)
    text, report = certified(root)

    holds, lines = certificate.verify(text, certificate.tree_digest(root), report)

    assert holds, lines
    assert "tree: unchanged" in lines


def test_run_folder_is_no_part_of_the_tree(tmp_path: Path) -> None:
    root = write(FILES, tmp_path)
    before = certificate.tree_digest(root)

    run_folder.create(root)

    assert certificate.tree_digest(root) == before


def test_changed_tree_loses_what_was_driven_and_names_what_no_longer_holds(tmp_path: Path) -> None:
    root = write(FILES, tmp_path)
    text, _ = certified(root)
    write({"app/late.py": "import time\nasync def f():\n    time.sleep(1)\n"}, root)
    facts = gather(root)
    now = certify.report(facts, judge(facts), path=".")

    holds, lines = certificate.verify(text, certificate.tree_digest(root), now)

    assert not holds
    assert "  no longer holds: performance/blocking-call" in lines
    assert any(line.startswith("proved by driving: 0 of 1") for line in lines)


def test_driven_proofs_age_out(tmp_path: Path) -> None:
    root = write(FILES, tmp_path)
    text, report = certified(root)
    statement = json.loads(text)
    statement["predicate"]["driven_until"] = "2020-01-01"

    holds, lines = certificate.verify(json.dumps(statement), certificate.tree_digest(root), report)

    assert not holds
    assert any("aged out on 2020-01-01" in line for line in lines)


def test_other_ruleset_does_not_compare(tmp_path: Path) -> None:
    root = write(FILES, tmp_path)
    text, report = certified(root)

    holds, _ = certificate.verify(text, certificate.tree_digest(root), replace(report, ruleset="another"))

    assert not holds


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"_type": "x", "predicateType": "y", "predicate": {}}'])
def test_what_is_no_certificate_is_a_clear_error(tmp_path: Path, text: str) -> None:
    _, report = certified(write(FILES, tmp_path))

    with pytest.raises(RoadworthyError, match="not a certificate"):
        certificate.verify(text, "", report)
