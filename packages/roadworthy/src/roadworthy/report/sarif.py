"""SARIF 2.1.0, as code scanning takes it: every side of a finding, and an identity that outlives moved lines.

Published as an OASIS standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. What stayed inconclusive or unread is
a notification of the invocation, never a result: it is no statement about the code.
"""

import json
from typing import Any
from urllib.parse import quote

from roadworthy.model.foreign_text import visible
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import Doubt, ReportedFinding, Result, TrialKind
from roadworthy.model.words import Outcome, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "roadworthy/v1"
_ROOT = "SRCROOT"
_LEVELS = {
    Severity.DANGEROUS: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.ADVISORY: "note",
}


def render(report: Report) -> str:
    """Return the report as a SARIF log with one run."""
    failed = [*report.ranked(), *_failed_drills(report)]
    names = sorted({result.rule for result in report.results})
    numbers = {name: number for number, name in enumerate(names)}
    quoted = report.quoted()
    rules = {result.rule: result for result in sorted(report.results, key=lambda r: r.kind is TrialKind.CHECK)}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "roadworthy",
                        "semanticVersion": report.version,
                        "rules": [_rule(rules[name]) for name in names],
                        "properties": {"ruleset": report.ruleset},
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the inspected repository"}}},
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report)}],
                "results": [
                    _result(result, finding, numbers[result.rule], quoted)
                    for result in failed
                    for finding in result.findings
                ],
                "properties": {"verdict": report.verdict.value, "points": report.score.total},
            }
        ],
    }
    text = json.dumps(log, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def _failed_drills(report: Report) -> list[Result]:
    return [r for r in report.results if r.kind is TrialKind.DRILL and r.outcome is Outcome.FAILED]


def _rule(result: Result) -> dict[str, Any]:
    return {
        "id": result.rule,
        "name": "".join(word.capitalize() for word in result.rule.replace("/", "-").split("-")),
        "shortDescription": {"text": result.title or result.rule},
        "help": {"text": f"`roadworthy explain {result.rule}` shows an example, why it matters, and the repair."},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {
            "tags": [result.criterion.value, result.kind.value],
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[
                _LEVELS[result.severity]
            ],
        },
    }


def _result(
    result: Result, finding: ReportedFinding, number: int, quoted: dict[tuple[str, int], str]
) -> dict[str, Any]:
    repair = f" Repair: {visible(finding.repair)}" if finding.repair else ""
    out: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": number,
        "kind": "fail",
        "level": _LEVELS[result.severity],
        "message": {"text": visible(finding.message) + repair},
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {"severity": result.severity.value, "points": round(float(result.points), 4)},
    }
    if finding.at:
        out["locations"] = [{"physicalLocation": _place(finding.at, quoted)}]
    if finding.related:
        out["relatedLocations"] = [
            {
                "id": n,
                "physicalLocation": _place(r.at, quoted),
                "message": {"text": visible(r.says) or "the other side"},
            }
            for n, r in enumerate(finding.related, 1)
        ]
    if finding.waived:
        out["suppressions"] = [{"kind": "external"}]
    return out


def _place(at: Span, quoted: dict[tuple[str, int], str]) -> dict[str, Any]:
    """Return a physical location. Ours ends with the last character, SARIF's region with the one after it."""
    region: dict[str, Any] = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column + 1,
    }
    line = quoted.get((at.path, at.line))
    if line:
        region["snippet"] = {"text": visible(line)}
    return {"artifactLocation": {"uri": quote(at.path), "uriBaseId": _ROOT}, "region": region}


def _notifications(report: Report) -> list[dict[str, Any]]:
    unread = [
        _notification("warning" if u.production else "note", f"{u.path}: {u.why}", Span(u.path, u.line))
        for u in report.unread
    ]
    doubts = [
        _notification("note", f"{r.rule} is inconclusive: {r.reason}", _first(r.doubts), r.rule)
        for r in report.results
        if r.outcome is Outcome.INCONCLUSIVE
    ]
    return [*unread, *doubts]


def _first(doubts: tuple[Doubt, ...]) -> Span | None:
    return doubts[0].at if doubts else None


def _notification(level: str, text: str, at: Span | None, rule: str | None = None) -> dict[str, Any]:
    out: dict[str, Any] = {"level": level, "message": {"text": visible(text)}}
    if at:
        out["locations"] = [{"physicalLocation": _place(at, {})}]
    if rule:
        out["associatedRule"] = {"id": rule}
    return out
