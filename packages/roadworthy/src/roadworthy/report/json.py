"""`report.json`: the published form (docs/reference/report.schema.json), written and read back."""

import json
from fractions import Fraction
from typing import Any

from roadworthy.model.codec import decode, encode
from roadworthy.model.error import RoadworthyError
from roadworthy.model.finding import Related
from roadworthy.model.place import Span
from roadworthy.model.report import Cap, CriterionScore, Quote, Report, Score, SubjectName, Unread
from roadworthy.model.result import Doubt, Evidence, Mark, Observation, ReportedFinding, Result, TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Family, Outcome, Severity, Verdict

SCHEMA = "2"


def render(report: Report) -> str:
    """Return the report as JSON text, one newline at its end. The same report gives the same bytes."""
    text = json.dumps(_report(report), indent=2, ensure_ascii=False) + "\n"
    # Half of a surrogate pair, which a source file can spell, is no UTF-8; its escape is JSON.
    return text.encode("utf-8", "backslashreplace").decode()


def read(text: str) -> Report:
    """Return the report a JSON text holds; raise RoadworthyError where it is none or of another schema."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise RoadworthyError(f"not a report: the text is not JSON ({problem})") from problem
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise RoadworthyError(f"not a report of schema {SCHEMA}: write it again with this version of roadworthy")
    try:
        found = _read(data)
        decode(Report, encode(found))
        return found
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        raise RoadworthyError(f"not a whole report: {type(problem).__name__} at {problem}") from problem


def _points(value: Fraction) -> float:
    return round(float(value), 4)


def _report(report: Report) -> dict[str, Any]:
    score, subject = report.score, report.subject
    return {
        "schema": SCHEMA,
        "tool": {"name": "roadworthy", "version": report.version, "ruleset": report.ruleset},
        "subject": {
            "name": subject.name,
            "path": subject.path,
            "commit": subject.commit,
            "shape": {
                "store": subject.shape.store,
                "user_interface": subject.shape.user_interface,
                "personal_data": subject.shape.personal_data,
                "outgoing_calls": subject.shape.outgoing_calls,
            },
            "components": report.components,
        },
        "verdict": report.verdict.value,
        "driven": report.driven,
        "score": {
            "total": score.total,
            "inspected": _points(score.inspected),
            "driven": _points(score.driven),
            "cap": {"limit": score.cap.limit, "why": score.cap.why} if score.cap else None,
            "criteria": [
                {
                    "id": criterion.id.value,
                    "earned": _points(criterion.earned),
                    "possible": _points(criterion.possible),
                    "inspected": _points(criterion.inspected),
                    "driven": _points(criterion.driven),
                }
                for criterion in score.criteria
            ],
        },
        "results": [_result(result) for result in report.results],
        "unread": [
            {
                "path": unread.path,
                "line": unread.line,
                "why": unread.why,
                "production": unread.production,
                "silences": unread.silences.value,
            }
            for unread in report.unread
        ],
        "quotes": [{"path": quote.path, "line": quote.line, "text": quote.text} for quote in report.quotes],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "criterion": result.criterion.value,
        "severity": result.severity.value,
        "family": result.family.value,
        "kind": result.kind.value,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "title": result.title,
        "presence": result.presence,
        "points": _points(result.points),
        "effort": result.effort,
        "decided_by": result.decided_by,
        "examined": result.examined,
        "seed": result.seed,
        "repeat": result.repeat,
        "seconds": result.seconds,
        "findings": [
            {
                "message": finding.message,
                "at": _place(finding.at),
                "related": [{**_place(r.at), "says": r.says} for r in finding.related],
                "repair": finding.repair,
                "fingerprint": finding.fingerprint,
                "waived": finding.waived,
            }
            for finding in result.findings
        ],
        "doubts": [{"reason": doubt.reason, "at": _place(doubt.at)} for doubt in result.doubts],
        "observations": [
            {
                "says": observation.says,
                "expected": observation.expected,
                "actual": observation.actual,
                "holds": observation.holds,
                "phase": observation.phase,
                "at_seconds": round(observation.at_seconds, 3),
            }
            for observation in result.observations
        ],
        "evidence": [{"path": e.path, "sha256": e.sha256, "says": e.says} for e in result.evidence],
        "timeline": [
            {
                "at_seconds": round(mark.at_seconds, 3),
                "took_seconds": round(mark.took_seconds, 3),
                "lane": mark.lane,
                "says": mark.says,
                "holds": mark.holds,
            }
            for mark in result.timeline
        ],
    }


def _place(at: Span | None) -> Any:
    if at is None:
        return None
    return {
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
    }


def _read(data: dict[str, Any]) -> Report:
    subject, score = data["subject"], data["score"]
    cap = score["cap"]
    return Report(
        version=data["tool"]["version"],
        ruleset=data["tool"]["ruleset"],
        subject=SubjectName(subject["name"], subject["path"], subject["commit"], Shape(**subject["shape"])),
        verdict=Verdict(data["verdict"]),
        score=Score(
            score["total"],
            _exact(score["inspected"]),
            _exact(score["driven"]),
            Cap(cap["limit"], cap["why"]) if cap else None,
            tuple(
                CriterionScore(
                    Criterion(c["id"]),
                    *(_exact(c[field]) for field in ("earned", "possible", "inspected", "driven")),
                )
                for c in score["criteria"]
            ),
        ),
        results=tuple(_read_result(result) for result in data["results"]),
        unread=tuple(
            Unread(u["path"], u["line"], u["why"], u["production"], Severity(u["silences"])) for u in data["unread"]
        ),
        driven=data["driven"],
        components=subject["components"],
        quotes=tuple(Quote(**quote) for quote in data["quotes"]),
    )


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _read_result(data: dict[str, Any]) -> Result:
    return Result(
        rule=data["rule"],
        criterion=Criterion(data["criterion"]),
        severity=Severity(data["severity"]),
        family=Family(data["family"]),
        kind=TrialKind(data["kind"]),
        outcome=Outcome(data["outcome"]),
        reason=data["reason"],
        title=data["title"],
        presence=data["presence"],
        points=_exact(data["points"]),
        effort=data["effort"],
        decided_by=data["decided_by"],
        examined=data["examined"],
        seed=data["seed"],
        repeat=data["repeat"],
        seconds=data["seconds"],
        findings=tuple(
            ReportedFinding(
                f["message"],
                _read_place(f["at"]),
                tuple(Related(Span(**{k: r[k] for k in _SPAN}), r["says"]) for r in f["related"]),
                f["repair"],
                f["fingerprint"],
                f["waived"],
            )
            for f in data["findings"]
        ),
        doubts=tuple(Doubt(d["reason"], _read_place(d["at"])) for d in data["doubts"]),
        observations=tuple(Observation(**o) for o in data["observations"]),
        evidence=tuple(Evidence(**e) for e in data["evidence"]),
        timeline=tuple(Mark(**m) for m in data["timeline"]),
    )


_SPAN = ("path", "line", "column", "end_line", "end_column")


def _read_place(data: Any) -> Span | None:
    return Span(**data) if data else None
