"""The verdict comes first, the number second."""

from collections.abc import Iterable, Sequence

from roadworthy.model.entry import Entry
from roadworthy.model.report import Score, Unread
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Severity, Verdict
from roadworthy.score.policy import Policy
from roadworthy.score.score import DECIDED, effective, open_severities


def verdict(
    score: Score,
    results: Sequence[Result],
    catalogue: Iterable[Entry],
    shape: Shape,
    policy: Policy,
    *,
    unread: Sequence[Unread] = (),
) -> Verdict:
    """Judge a scored run.

    Return *roadworthy* from 90 points with nothing dangerous or major open and every drill that applies driven to a
    decision; *not roadworthy* where something dangerous or major is open or every applicable drill was driven; *not
    proved* otherwise.
    """
    grave = bool(open_severities(results, effective(results)) & {Severity.DANGEROUS, Severity.MAJOR})
    grave = grave or any(file.production for file in unread)
    decided = {r.rule for r in results if r.kind is TrialKind.DRILL and r.outcome in DECIDED}
    applicable = {e.rule for e in catalogue if e.kind is TrialKind.DRILL and policy.expected(e.family, shape)}
    driven = applicable <= decided
    if score.total >= policy.roadworthy_from and not grave and driven:
        return Verdict.ROADWORTHY
    return Verdict.NOT_ROADWORTHY if grave or driven else Verdict.NOT_PROVED
