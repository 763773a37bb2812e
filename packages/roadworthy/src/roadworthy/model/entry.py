"""A rule of the catalogue as the score sees it: what may be earned, whether or not it was tried."""

from dataclasses import dataclass

from roadworthy.model.result import TrialKind
from roadworthy.model.words import Criterion, Family, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to try one rule."""

    rule: str
    kind: TrialKind
    criterion: Criterion
    severity: Severity
    family: Family
    presence: bool = False
