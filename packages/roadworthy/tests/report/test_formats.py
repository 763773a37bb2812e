"""Every format renders a real report; JSON follows its published schema and reads back."""

import json as stdlib_json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from roadworthy.engine import certify
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.error import RoadworthyError
from roadworthy.model.finding import Related
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import Evidence, Mark, Observation, ReportedFinding, Result, TrialKind
from roadworthy.model.words import Criterion, Family, Outcome, Severity
from roadworthy.report import github, html, json, junit, markdown, sarif, text

SERVICE = Path(__file__).resolve().parents[4] / "services" / "questionnaire"
EVIL = "<script>alert(1)</script>\x1b[31m[bold]x[/]"


@pytest.fixture(scope="module")
def report() -> Report:
    facts = gather(SERVICE)
    place = Span("a.py", 1, 2, 3, 4)
    finding = ReportedFinding(EVIL, place, (Related(place, EVIL),), EVIL, "0" * 16)
    drill = Result(
        "errors/dependency-hangs",
        Criterion.ERRORS,
        Severity.MAJOR,
        Family.SOURCE,
        TrialKind.DRILL,
        Outcome.FAILED,
        "no answer within 10 s",
        title=EVIL,
        seed=7,
        repeat="roadworthy drive . --only errors/dependency-hangs --seed 7",
        seconds=1.5,
        findings=(finding,),
        observations=(Observation("the journey answers", "within 10 s", "no answer", holds=False),),
        evidence=(Evidence("evidence/log.txt", "0" * 64, "the log"),),
        timeline=(
            Mark(0.0, 1.0, "phase", "control"),
            Mark(1.0, 3.0, "phase", "disruption"),
            Mark(1.2, 0.5, "request", EVIL, holds=False),
        ),
    )
    return certify.report(facts, (*judge(facts), drill), path="services/questionnaire")


def test_json_follows_the_published_schema(report: Report) -> None:
    schema = stdlib_json.loads(files("roadworthy.report").joinpath("report.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(stdlib_json.loads(json.render(report)), schema)


def test_json_reads_back_to_the_same_bytes(report: Report) -> None:
    rendered = json.render(report)

    assert json.render(json.read(rendered)) == rendered


@pytest.mark.parametrize("wrong", ["", "{}", "[]", '{"schema": "1"}', "null"])
def test_what_is_no_report_is_a_clear_error(wrong: str) -> None:
    with pytest.raises(RoadworthyError, match="not a"):
        json.read(wrong)


def test_page_is_self_contained_and_escapes_foreign_text(report: Report) -> None:
    page = html.render(report)

    assert "<script" not in page
    assert "\x1b" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count('<svg class="timeline"') == 1
    assert all(criterion.value in page for criterion in Criterion)


def test_text_shows_no_control_characters_and_no_markup_of_others(report: Report) -> None:
    shown = text.render(report)

    assert "\x1b" not in shown
    assert "[bold]x[/]" in shown
    assert "errors/dependency-hangs" in shown


def test_thousands_of_findings_of_one_rule_are_counted_and_not_all_listed(report: Report) -> None:
    place = Span("a.py", 1, 2, 3, 4)
    many = tuple(ReportedFinding(f"number {n}", place, (), "", "0" * 16) for n in range(5000))
    result = replace(report.results[0], kind=TrialKind.CHECK, outcome=Outcome.FAILED, findings=many)
    swamped = replace(report, results=(result,))

    assert f"and {5000 - text.MAXIMUM_SHOWN} more of {result.rule}" in text.render(swamped)
    assert "And 4900 more of" in html.render(swamped)
    assert len(stdlib_json.loads(json.render(swamped))["results"][0]["findings"]) == 5000


def test_junit_fails_what_failed_and_skips_what_stayed_open(report: Report) -> None:
    tree = ElementTree.fromstring(junit.render(report))  # noqa: S314 - written by us
    cases = {case.get("name"): case for case in tree.iter("testcase") if case.get("classname") == "roadworthy.drill"}

    failure = cases["errors/dependency-hangs"].find("failure")

    assert failure is not None
    assert "roadworthy drive . --only errors/dependency-hangs" in (failure.text or "")
    assert int(tree.get("failures", "0")) == len(list(tree.iter("failure")))
    assert int(tree.get("skipped", "0")) == len(list(tree.iter("skipped")))
    assert int(tree.get("tests", "0")) == len(report.results)


def test_github_commands_are_one_line_each_and_cannot_be_forged(report: Report) -> None:
    forged = replace(report.results[0], kind=TrialKind.CHECK, outcome=Outcome.FAILED)
    place = Span("a,b:c%.py", 3, 2, 3, 9)
    forged = replace(forged, findings=(ReportedFinding("one\n::error::two", place, (), "", "0" * 16),))

    shown = github.render(replace(report, results=(forged,)))

    assert "file=a%2Cb%3Ac%25.py,line=3,endLine=3,col=2,endColumn=9,title=" in shown
    assert [line.startswith("::") for line in shown.splitlines()] == [True, False]


def test_markdown_escapes_foreign_text_and_shows_every_side(report: Report) -> None:
    shown = markdown.render(report)

    assert "<script" not in shown.replace("\\<script", "")
    assert "\x1b" not in shown
    assert "| `errors/dependency-hangs` | failed |" in shown


def test_sarif_gives_ends_one_past_the_last_character_and_escapes_paths(report: Report) -> None:
    finding = ReportedFinding("m", Span("a b#c.py", 3, 2, 3, 9), (), "", "0" * 16)
    failed = replace(report.results[0], kind=TrialKind.CHECK, outcome=Outcome.FAILED, findings=(finding,))

    (run,) = stdlib_json.loads(sarif.render(replace(report, results=(failed,))))["runs"]

    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b%23c.py"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 10}
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == failed.rule
