"""What every format shows."""

from dataclasses import dataclass
from fractions import Fraction

from roadworthy.model.result import Result, TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Outcome, Severity, Verdict

_EFFORTS = {"minutes": 0, "hours": 1, "days": 2}


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
class Quote:
    """A line of the repository that a finding is about, without the secrets in it."""

    path: str
    line: int
    text: str


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
    quotes: tuple[Quote, ...] = ()

    def ranked(self) -> list[Result]:
        """Return the checks that failed, what matters most first: by severity, points at stake, and effort."""
        failed = [r for r in self.results if r.outcome is Outcome.FAILED and r.kind is TrialKind.CHECK]
        return sorted(failed, key=lambda r: (-r.severity.rank, -r.points, _EFFORTS.get(r.effort, 0), r.rule))

    def quoted(self) -> dict[tuple[str, int], str]:
        """Return the quoted lines by path and line."""
        return {(quote.path, quote.line): quote.text for quote in self.quotes}
