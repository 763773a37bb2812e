"""What one trial of one rule showed, alike for checks and drills."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from roadworthy.model.finding import Related
from roadworthy.model.place import Span
from roadworthy.model.words import Criterion, Family, Outcome, Severity


class TrialKind(StrEnum):
    """How a rule was tried."""

    CHECK = "check"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding as it stands in a report. `at` is None where a drill shows no place in the repository."""

    message: str
    at: Span | None
    related: tuple[Related, ...]
    repair: str
    fingerprint: str
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """What a drill measured against what it expected. `phase` is control, disruption or recovery."""

    says: str
    expected: str
    actual: str
    holds: bool
    phase: str = "disruption"
    at_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored file that lets someone else reach the same outcome; `path` is relative to the run folder."""

    path: str
    sha256: str
    says: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a drill's timeline. Seconds count from the start of the drill; `took_seconds` is 0 for a moment.

    `lane` is what it is about: phase, request, intervention, process, observation; `holds` whether it went well.
    """

    at_seconds: float
    took_seconds: float
    lane: str
    says: str
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What made a trial inconclusive, and where."""

    reason: str
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One rule, tried once.

    `points` is what the rule can earn of the 100, or cost where no shape must have its family; `effort` is what its
    repair usually takes: minutes, hours or days. `decided_by` names the drill that tells what reading could not.
    """

    rule: str
    criterion: Criterion
    severity: Severity
    family: Family
    kind: TrialKind
    outcome: Outcome
    reason: str
    title: str = ""
    presence: bool = False
    examined: int = 0
    seed: int | None = None
    repeat: str = ""
    seconds: float | None = None
    findings: tuple[ReportedFinding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    observations: tuple[Observation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    timeline: tuple[Mark, ...] = ()
    points: Fraction = Fraction(0)
    effort: str = ""
    decided_by: str = ""
