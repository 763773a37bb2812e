"""What one check says."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class Related:
    """Another side of a finding: a place, and what stands there."""

    at: Span
    says: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule in one place.

    `names` are the names in contradiction (never values, never secrets): with the rule, the component and the paths
    they make the fingerprint, so that a finding keeps its identity when lines move.
    """

    message: str
    at: Span
    related: tuple[Related, ...] = ()
    repair: str = ""
    names: tuple[str, ...] = ()
    component: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What was asked cannot be told: the construct that hides it, and where it stands."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Held:
    """One statement was examined and holds."""

    at: Span
