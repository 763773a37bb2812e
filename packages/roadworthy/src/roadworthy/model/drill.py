"""A rule tried by driving."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from roadworthy.model.trial import Trial
from roadworthy.model.words import Criterion, Family, Severity


class Intervention(StrEnum):
    """What a drill does to the subject."""

    FAULT = "fault"
    SIGNAL = "signal"
    VARIABLE = "variable"
    CANARY = "canary"
    LOAD = "load"
    JOURNEY = "journey"


class Need(StrEnum):
    """Something of the subject a drill cannot do without."""

    JOURNEY = "journey"
    ACKNOWLEDGED_WRITE = "acknowledged write"
    DEPENDENCY = "dependency"
    CRITICAL_DEPENDENCY = "critical dependency"
    READY_PROBE = "ready probe"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a drill needs: of the subject, and of the host (programs that must be there)."""

    subject: tuple[Need, ...] = ()
    host: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrillRule:
    """What a drill's file declares; id, criterion and page follow from its path and docstring.

    `settles` are ids of other rules whose question this drill answers. `smoke` puts it into the quick subset.
    """

    severity: Severity
    family: Family
    since: str
    intervention: Intervention
    needs: Needs = field(default_factory=Needs)
    settles: tuple[str, ...] = ()
    smoke: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """A rule tried by driving, as the catalogue found it."""

    id: str
    criterion: Criterion
    title: str
    page: str
    rule: DrillRule
    run: Callable[[Trial], Awaitable[None]]
