"""From what a check says to one result."""

from collections.abc import Iterable
from hashlib import sha256

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.result import Doubt, ReportedFinding, Result, TrialKind
from roadworthy.model.rule import Check
from roadworthy.model.symbol import Kind
from roadworthy.model.words import FileRole, Outcome

# What code says that may be written in a language nobody reads.
UNREAD = frozenset({Kind.CONSTRUCT, Kind.METRIC, Kind.LABEL, Kind.TABLE, Kind.COLUMN})


def fold(check: Check, facts: Facts) -> Result:
    """Run a check over the facts: any finding fails it, else any unknown leaves it open, else what held passes it."""
    statements = list(check.run(facts))
    findings = tuple(_reported(check, s) for s in _unique(s for s in statements if isinstance(s, Finding)))
    doubts = (*_unread(check, facts), *(Doubt(s.reason, s.at) for s in statements if isinstance(s, Unknown)))
    held = sum(isinstance(s, Held) for s in statements)
    if not findings and not doubts and not held and (hidden := _hidden(check, facts)) is not None:
        doubts = (hidden,)
    doubts = tuple(dict.fromkeys(doubts))
    outcome, reason = _outcome(len(findings), doubts, held)
    return Result(
        rule=check.id,
        criterion=check.criterion,
        severity=check.rule.severity,
        family=check.rule.family,
        kind=TrialKind.CHECK,
        outcome=outcome,
        reason=reason,
        title=check.title,
        presence=check.rule.presence,
        examined=held + len(findings),
        findings=findings,
        doubts=doubts,
        effort=check.rule.effort.value,
    )


def _outcome(findings: int, doubts: tuple[Doubt, ...], held: int) -> tuple[Outcome, str]:
    if findings:
        return Outcome.FAILED, f"{findings} of {findings + held} examined do not hold"
    if doubts:
        more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
        return Outcome.INCONCLUSIVE, f"cannot tell {doubts[0].reason}{more}"
    if held:
        return Outcome.PASSED, f"{held} of {held} examined hold"
    return Outcome.NOT_APPLICABLE, "nothing to examine"


def _unread(check: Check, facts: Facts) -> list[Doubt]:
    return [
        Doubt(f"what {problem.at.path} says: {problem.why}", problem.at)
        for problem in facts.problems
        if problem.role is FileRole.PROD and problem.hides & check.rule.needs
    ]


def _hidden(check: Check, facts: Facts) -> Doubt | None:
    """Return why nothing was found to examine, where what a rule looks at may stand in code that is not read."""
    for kind in sorted(check.rule.needs & UNREAD):
        for opening in facts.openings(kind):
            component = facts.component(opening.component)
            if opening.unread and (component is None or (component.ours and component.role is FileRole.PROD)):
                return Doubt(f"whether there is anything to examine: {opening.reason}", opening.at)
    return None


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.at, finding.message))


def _reported(check: Check, finding: Finding) -> ReportedFinding:
    paths = sorted({finding.at.path, *(related.at.path for related in finding.related)})
    identity = "\0".join([check.id, *sorted(finding.names), finding.component, *paths])
    fingerprint = sha256(identity.encode()).hexdigest()[:16]
    return ReportedFinding(finding.message, finding.at, finding.related, finding.repair, fingerprint)
