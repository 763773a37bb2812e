"""From facts and results to a report: score, verdict, what stayed unread."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from roadworthy.engine.catalogue import checks, drills
from roadworthy.engine.quotes import quotes
from roadworthy.model.component import Component
from roadworthy.model.entry import Entry
from roadworthy.model.facts import Facts, Problem
from roadworthy.model.report import Report, SubjectName, Unread
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.words import FileRole, Outcome, Severity
from roadworthy.score.policy import policy
from roadworthy.score.score import not_applicable, score
from roadworthy.score.verdict import verdict
from roadworthy.score.worth import worth


def report(facts: Facts, results: Sequence[Result], *, path: str, name: str | None = None) -> Report:
    """Score and judge what was found, and quote the lines it is about. `path` is the inspected root as the user gave it."""
    entries = catalogue()
    unread = tuple(_unread(problem) for problem in facts.problems)
    components = sum(_counts(component) for component in facts.components)
    points_of = worth(entries, facts.shape, policy(), not_applicable(results))
    deciding = _deciding()
    ordered = tuple(
        replace(
            result,
            points=points_of.get((result.rule, result.kind), Fraction(0)),
            decided_by=deciding.get(result.rule, "") if result.outcome is Outcome.INCONCLUSIVE else "",
        )
        for result in sorted(results, key=lambda result: (result.rule, result.kind))
    )
    points = score(ordered, entries, facts.shape, policy(), unread=unread, components=components)
    return Report(
        version=version("roadworthy"),
        ruleset=ruleset(entries),
        subject=SubjectName(name or facts.name, path, facts.commit, facts.shape),
        verdict=verdict(points, ordered, entries, facts.shape, policy(), unread=unread),
        score=points,
        results=ordered,
        unread=unread,
        driven=any(result.kind is TrialKind.DRILL for result in ordered),
        components=components,
        quotes=quotes(Path(path), ordered),
    )


def catalogue() -> tuple[Entry, ...]:
    """Return every rule as the score sees it."""
    return (
        *(Entry(c.id, TrialKind.CHECK, c.criterion, c.rule.severity, c.rule.family, c.rule.presence) for c in checks()),
        *(Entry(d.id, TrialKind.DRILL, d.criterion, d.rule.severity, d.rule.family) for d in drills()),
    )


def _deciding() -> dict[str, str]:
    """Return, by rule, the drill that answers its question by driving."""
    settled = {rule: drill.id for drill in drills() for rule in drill.rule.settles}
    return settled | {drill.id: drill.id for drill in drills()}


def ruleset(entries: Sequence[Entry]) -> str:
    """Name the set of rules and their severities by a short digest: scores of different rulesets do not compare."""
    text = "\n".join(sorted(f"{e.kind} {e.rule} {e.severity} {e.family}" for e in entries))
    return f"{len({e.rule for e in entries})} rules, {sha256(text.encode()).hexdigest()[:12]}"


def _counts(component: Component) -> bool:
    return component.ours and component.role is FileRole.PROD


def _unread(problem: Problem) -> Unread:
    silenced = [check.rule.severity for check in checks() if check.rule.needs & problem.hides]
    worst = Severity.DANGEROUS if Severity.DANGEROUS in silenced else Severity.MAJOR
    return Unread(problem.at.path, problem.at.line, problem.why, problem.role is FileRole.PROD, worst)
