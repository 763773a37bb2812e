"""Findings quote the lines of every side, and never a secret or a file outside the repository."""

from pathlib import Path

from roadworthy.engine import certify
from roadworthy.engine.inspect import gather, judge
from roadworthy.engine.quotes import LONGEST, quotes
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import ReportedFinding, Result, TrialKind
from roadworthy.model.words import Criterion, Family, Outcome, Severity

PROTOTYPE = Path(__file__).resolve().parents[4] / "examples" / "prototype"


def _reported(root: Path) -> Report:
    facts = gather(root)
    return certify.report(facts, judge(facts), path=str(root))


def _about(*places: Span) -> Result:
    return Result(
        "monitoring/unknown-metric",
        Criterion.MONITORING,
        Severity.MAJOR,
        Family.ALERTS,
        TrialKind.CHECK,
        Outcome.FAILED,
        "",
        findings=tuple(ReportedFinding("", place, (), "", "0" * 16) for place in places),
    )


def test_every_side_of_every_finding_is_quoted() -> None:
    report = _reported(PROTOTYPE)
    quoted = report.quoted()

    for result in report.ranked():
        for finding in result.findings:
            for at in (finding.at, *(related.at for related in finding.related)):
                assert at is not None
                text = (PROTOTYPE / at.path).read_text(encoding="utf-8").split("\n")[at.line - 1]
                assert not text.strip() or (at.path, at.line) in quoted


def test_values_of_a_kubernetes_secret_are_masked_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("kind: Secret\nstringData:\n  pin: marigold\n", encoding="utf-8")

    (quote,) = quotes(tmp_path, [_about(Span("s.yaml", 3))])

    assert quote.text == "pin: ***"


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{" + "x" * 5000 + "HERE" + "y" * 5000, encoding="utf-8")

    (quote,) = quotes(tmp_path, [_about(Span("a.json", 1, 5002))])

    assert "HERE" in quote.text
    assert len(quote.text) <= LONGEST + 2


def test_lines_that_are_gone_and_links_that_lead_out_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("private\n", encoding="utf-8")
    root = tmp_path / "repository"
    root.mkdir()
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    (root / "short.txt").write_text("one\n", encoding="utf-8")

    assert (
        quotes(root, [_about(Span("link.txt"), Span("short.txt", 9), Span("gone.txt"), Span("../outside.txt"))]) == ()
    )
