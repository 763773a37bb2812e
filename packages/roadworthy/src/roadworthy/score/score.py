"""Points by criterion, and the total.

Within a criterion each rule on an expected family has a share by its severity, in the column of the way it is tried.
The denominator is every such rule of the catalogue, tried or not, but those that were tried and found nothing to examine
in a family that is there: they neither earn nor cost. Only `passed` earns, and a column in which nothing was examined
earns nothing. So passing is never worth less than having nothing to examine, and that never less than failing. Exact
fractions; rounded down once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

from roadworthy.model.entry import Entry
from roadworthy.model.report import Cap, CriterionScore, Score, Unread
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Family, Outcome, Severity
from roadworthy.score.policy import Policy

DECIDED = frozenset({Outcome.PASSED, Outcome.FAILED})


def score(
    results: Sequence[Result],
    catalogue: Iterable[Entry],
    shape: Shape,
    policy: Policy,
    *,
    unread: Sequence[Unread] = (),
    components: int = 1,
) -> Score:
    """Score the results of one run against every rule of the catalogue.

    Return the total with its cap and the points of each criterion; `inspected` and `driven` say how much of it was
    proved which way. A criterion none of whose rules apply to this shape gives its points to the others.
    """
    entries = list(catalogue)
    outcomes = effective(results)
    absent = absent_families(results)
    criteria = [_criterion(c, entries, outcomes, absent, results, shape, policy) for c in Criterion]
    possible = sum((c.possible for c in criteria), Fraction(0))
    scale = Fraction(100) / possible if possible else Fraction(0)
    inspected = sum((c.inspected for c in criteria), Fraction(0)) * scale
    driven = sum((c.driven for c in criteria), Fraction(0)) * scale
    earned = sum((c.earned for c in criteria), Fraction(0)) * scale
    cap = _cap(results, outcomes, policy, unread, components)
    total = min(floor(earned), cap.limit) if cap else floor(earned)
    return Score(total, inspected, driven, cap, tuple(criteria))


def effective(results: Sequence[Result]) -> dict[str, Outcome]:
    """Return one outcome a rule: where it was tried both ways, a drill that decided wins."""
    outcomes: dict[str, Outcome] = {}
    for result in sorted(results, key=lambda r: r.kind is TrialKind.DRILL):
        if result.rule not in outcomes or result.outcome in DECIDED:
            outcomes[result.rule] = result.outcome
    return outcomes


def absent_families(results: Sequence[Result]) -> set[Family]:
    """Return the families whose presence rule did not pass."""
    return {r.family for r in results if r.presence and r.outcome is not Outcome.PASSED}


def not_applicable(results: Sequence[Result]) -> frozenset[str]:
    """Return the rules that were read and found nothing to examine although the family they are about is there."""
    absent = absent_families(results)
    return frozenset(
        r.rule
        for r in results
        if r.kind is TrialKind.CHECK
        and r.outcome is Outcome.NOT_APPLICABLE
        and r.family not in absent
        and not r.presence
    )


def open_severities(results: Sequence[Result], outcomes: dict[str, Outcome]) -> set[Severity]:
    """Return the severities of the rules that failed and that no drill has withdrawn."""
    return {r.severity for r in results if r.outcome is Outcome.FAILED and outcomes[r.rule] is Outcome.FAILED}


def _criterion(
    criterion: Criterion,
    entries: list[Entry],
    outcomes: dict[str, Outcome],
    absent: set[Family],
    results: Sequence[Result],
    shape: Shape,
    policy: Policy,
) -> CriterionScore:
    shares: dict[TrialKind, Fraction] = defaultdict(Fraction)
    earned: dict[TrialKind, Fraction] = defaultdict(Fraction)
    idle = not_applicable(results)
    tried = {(r.rule, r.kind) for r in results}
    expected = [e for e in entries if e.criterion is criterion and policy.expected(e.family, shape)]
    for entry in expected:
        share = policy.share[entry.severity]
        if entry.kind is TrialKind.CHECK and entry.rule in idle and outcomes[entry.rule] is Outcome.NOT_APPLICABLE:
            continue
        shares[entry.kind] += share
        holds = outcomes.get(entry.rule) is Outcome.PASSED and (entry.rule, entry.kind) in tried
        if holds and (entry.family not in absent or entry.kind is TrialKind.DRILL):
            earned[entry.kind] += share
    columns = {TrialKind.CHECK: policy.inspected, TrialKind.DRILL: policy.driven}
    present = {
        kind: columns[kind] for kind in columns if any(policy.share[e.severity] and e.kind is kind for e in expected)
    }
    whole = sum(present.values(), Fraction(0))
    if not whole:
        return CriterionScore(criterion, Fraction(0), Fraction(0), Fraction(0), Fraction(0))
    points = {
        kind: policy.points[criterion] * weight / whole * (earned[kind] / shares[kind] if shares[kind] else 0)
        for kind, weight in present.items()
    }
    gross = sum(points.values(), Fraction(0))
    net = max(Fraction(0), gross - _subtracted(criterion, results, outcomes, policy))
    keep = net / gross if gross else Fraction(0)
    return CriterionScore(
        criterion,
        net,
        policy.points[criterion],
        points.get(TrialKind.CHECK, Fraction(0)) * keep,
        points.get(TrialKind.DRILL, Fraction(0)) * keep,
    )


def _subtracted(
    criterion: Criterion, results: Sequence[Result], outcomes: dict[str, Outcome], policy: Policy
) -> Fraction:
    failed = {
        r.rule: r.severity
        for r in results
        if r.criterion is criterion and policy.optional(r.family) and outcomes[r.rule] is Outcome.FAILED
    }
    return sum((policy.subtract[severity] for severity in failed.values()), Fraction(0))


def _cap(
    results: Sequence[Result],
    outcomes: dict[str, Outcome],
    policy: Policy,
    unread: Sequence[Unread],
    components: int,
) -> Cap | None:
    caps: list[Cap] = []
    severities = open_severities(results, outcomes)
    if not components:
        caps.append(Cap(policy.cap_no_component, "no running component was found"))
    if Severity.DANGEROUS in severities:
        caps.append(Cap(policy.cap_dangerous, "a dangerous finding is open"))
    if Severity.MAJOR in severities:
        caps.append(Cap(policy.cap_major, "a major finding is open"))
    for file in unread:
        if file.production:
            limit = policy.cap_dangerous if file.silences is Severity.DANGEROUS else policy.cap_major
            caps.append(Cap(limit, f"{file.path} could not be read"))
    if not any(r.kind is TrialKind.DRILL and r.outcome in DECIDED for r in results):
        caps.append(Cap(policy.cap_nothing_driven, "nothing was driven"))
    return min(caps, key=lambda cap: cap.limit, default=None)
