"""GitHub workflow commands: each finding becomes an annotation on the line it is about."""

from roadworthy.model.foreign_text import visible
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import ReportedFinding, Result, TrialKind
from roadworthy.model.words import Outcome, Severity

_COMMANDS = {
    Severity.DANGEROUS: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.ADVISORY: "notice",
}


def render(report: Report) -> str:
    """Return one command a finding, what matters most first, then failed drills, and what could not be read.

    The last line is the verdict. GitHub shows ten annotations of each kind a step, which is why the order matters.
    """
    drills = [r for r in report.results if r.outcome is Outcome.FAILED and r.kind is TrialKind.DRILL]
    lines = [_finding(result, finding) for result in (*drills, *report.ranked()) for finding in result.findings]
    lines += [_command("error", None, "drill", f"{r.rule}: {r.reason}") for r in drills if not r.findings]
    for unread in report.unread:
        if unread.production:
            lines.append(_command("error", Span(unread.path, unread.line), "unread", unread.why))
    lines.append(f"roadworthy: {report.verdict.value}, {report.score.total} of 100 points proved")
    return "\n".join(lines) + "\n"


def _finding(result: Result, finding: ReportedFinding) -> str:
    sides = "".join(f"\n{related.at}: {related.says}" for related in finding.related)
    repair = f"\nRepair: {finding.repair}" if finding.repair else ""
    return _command(_COMMANDS[result.severity], finding.at, result.rule, f"{finding.message}{sides}{repair}")


def _command(name: str, at: Span | None, title: str, message: str) -> str:
    where = ""
    if at:
        where = f"file={_property(at.path)},line={at.line},endLine={at.end_line}"
        if at.end_line == at.line:  # GitHub takes columns only within one line.
            where += f",col={at.column},endColumn={at.end_column}"
        where += ","
    return f"::{name} {where}title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    lines = (visible(line).replace("%", "%25") for line in text.split("\n"))
    return "%0A".join(lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
