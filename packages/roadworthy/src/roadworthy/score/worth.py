"""What each rule is worth: the order of repairs follows from it."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from roadworthy.model.entry import Entry
from roadworthy.model.result import TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Family
from roadworthy.score.policy import Policy


def worth(
    catalogue: Iterable[Entry], shape: Shape, policy: Policy, idle: frozenset[str] = frozenset()
) -> dict[tuple[str, TrialKind], Fraction]:
    """Return the points of the 100 that hang on each rule and way to try it, for a service of this shape.

    `idle` are the rules that found nothing to examine; nothing hangs on them.
    A rule on an expected family is worth its share; one on an optional family what it subtracts when it fails; a
    presence rule all that its family can earn by reading, since the others earn nothing without it.
    """
    entries = [e for e in catalogue if e.kind is not TrialKind.CHECK or e.rule not in idle]
    columns = {TrialKind.CHECK: policy.inspected, TrialKind.DRILL: policy.driven}
    shares: dict[tuple[Criterion, TrialKind], Fraction] = defaultdict(Fraction)
    for entry in entries:
        if policy.expected(entry.family, shape):
            shares[entry.criterion, entry.kind] += policy.share[entry.severity]
    whole = {c: sum((w for kind, w in columns.items() if shares[c, kind]), Fraction(0)) for c in Criterion}
    possible = sum((policy.points[c] for c in Criterion if whole[c]), Fraction(0))
    found: dict[tuple[str, TrialKind], Fraction] = {}
    families: dict[Family, Fraction] = defaultdict(Fraction)
    for entry in entries:
        key, held = (entry.rule, entry.kind), shares[entry.criterion, entry.kind]
        if policy.optional(entry.family):
            found[key] = policy.subtract[entry.severity]
        elif held and policy.expected(entry.family, shape):
            column = policy.points[entry.criterion] * columns[entry.kind] / whole[entry.criterion]
            found[key] = column * policy.share[entry.severity] / held * 100 / possible
            if entry.kind is TrialKind.CHECK:
                families[entry.family] += found[key]
    for entry in entries:
        if entry.presence and families[entry.family]:
            found[entry.rule, entry.kind] = families[entry.family]
    return found
