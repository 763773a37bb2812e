"""A summary in Markdown, for a pull request or the page of a pipeline's run."""

import re

from roadworthy.model.foreign_text import visible
from roadworthy.model.report import Report
from roadworthy.model.result import ReportedFinding, Result, TrialKind
from roadworthy.model.words import Outcome

_SHOWN = 30  # findings, and doubts
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$@])")


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured Markdown, readable as plain text too."""
    parts = [_head(report), _criteria(report), _findings(report), _drills(report), _open(report)]
    parts.append(f"<sub>roadworthy {report.version}, ruleset {_plain(report.ruleset)}</sub>")
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Report) -> str:
    score = report.score
    commit = f" at {_code(report.subject.commit[:12])}" if report.subject.commit else ""
    cap = f" At most {score.cap.limit} because {_plain(score.cap.why)}." if score.cap else ""
    counts = ", ".join(
        f"{sum(r.outcome is outcome for r in report.results)} {word}"
        for outcome, word in (
            (Outcome.PASSED, "passed"),
            (Outcome.FAILED, "failed"),
            (Outcome.INCONCLUSIVE, "not proved"),
        )
    )
    return (
        f"## {report.verdict.value.capitalize()}: {_plain(report.subject.name)}{commit}\n\n"
        f"**{score.total} of 100 points proved** ({float(score.inspected):.1f} by reading, "
        f"{float(score.driven):.1f} by driving); {counts}.{cap}"
    )


def _criteria(report: Report) -> str:
    rows = [
        f"| {c.id.value} | {float(c.earned):.1f} of {float(c.possible):.0f} | "
        f"{sum(r.criterion is c.id and r.outcome is Outcome.FAILED for r in report.results) or ''} |"
        for c in report.score.criteria
    ]
    return "\n".join(["| criterion | points | failed |", "| --- | ---: | ---: |", *rows])


def _findings(report: Report) -> str:
    quoted = report.quoted()
    found = [(result, finding) for result in report.ranked() for finding in result.findings]
    if not found:
        return ""
    lines = ["### Findings", ""]
    for result, finding in found[:_SHOWN]:
        lines += [_finding(result, finding, quoted)]
    if len(found) > _SHOWN:
        lines.append(f"\nand {len(found) - _SHOWN} more: the JSON report holds them all.")
    return "\n".join(lines)


def _finding(result: Result, finding: ReportedFinding, quoted: dict[tuple[str, int], str]) -> str:
    lines = [f"- **{result.severity.value}** {_code(result.rule)} {_plain(finding.message)}"]
    sides = [(finding.at, "")] if finding.at else []
    for at, says in [*sides, *((related.at, related.says) for related in finding.related)]:
        line = quoted.get((at.path, at.line))
        quote = f": {_code(line)}" if line else ""
        lines.append(f"  - {_code(str(at))} {_plain(says)}".rstrip() + quote)
    if finding.repair:
        lines.append(f"  - Repair: {_plain(finding.repair)}")
    return "\n".join(lines)


def _drills(report: Report) -> str:
    drills = [r for r in report.results if r.kind is TrialKind.DRILL]
    if not drills:
        return ""
    rows = [f"| {_code(r.rule)} | {r.outcome.value} | {_plain(r.reason)} |" for r in drills]
    return "\n".join(["### Drills", "", "| drill | outcome | |", "| --- | --- | --- |", *rows])


def _open(report: Report) -> str:
    unclear = [r for r in report.results if r.outcome is Outcome.INCONCLUSIVE and r.kind is TrialKind.CHECK]
    if not unclear:
        return ""
    lines = [f"- {_code(r.rule)} {_plain(r.reason)}" for r in unclear[:_SHOWN]]
    if len(unclear) > _SHOWN:
        lines.append(f"- and {len(unclear) - _SHOWN} more")
    return "\n".join([f"<details><summary>{len(unclear)} not proved</summary>", "", *lines, "", "</details>"])


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))


def _code(text: str) -> str:
    """Return a code span: its fence is longer than any run of backticks in it."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
