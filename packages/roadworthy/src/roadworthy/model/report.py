"""What every format shows."""

from dataclasses import dataclass
from fractions import Fraction

from roadworthy.model.result import Result
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Severity, Verdict


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """Points of one criterion, exact; `inspected` and `driven` are the shares of `earned` by how they were proved."""

    id: Criterion
    earned: Fraction
    possible: Fraction
    inspected: Fraction
    driven: Fraction


@dataclass(frozen=True, slots=True)
class Cap:
    """Why the total may not exceed `limit`."""

    limit: int
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """The total is rounded down once, after the lowest cap."""

    total: int
    inspected: Fraction
    driven: Fraction
    cap: Cap | None
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file no check could rely on.

    `line` is 1-based; `production` tells whether it counts against the service; `silences` is the severity of the
    worst rule it may silence, at least major.
    """

    path: str
    line: int
    why: str
    production: bool = True
    silences: Severity = Severity.MAJOR


@dataclass(frozen=True, slots=True)
class SubjectName:
    """What was tried."""

    name: str
    path: str
    commit: str | None
    shape: Shape


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run has to say."""

    version: str
    ruleset: str
    subject: SubjectName
    verdict: Verdict
    score: Score
    results: tuple[Result, ...]
    unread: tuple[Unread, ...]
    driven: bool = False
    components: int = 0
