"""One statement that can be broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Criterion, Family, Severity

Statement = Finding | Unknown | Held


class Effort(StrEnum):
    """What a repair usually takes."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Rule:
    """What its file declares; the id, the criterion and the page follow from its path and its docstring.

    `family` is the group of artifacts it is about: the policy decides whether a service of this shape must have it.
    `needs` are the kinds of symbol a check reads: an unread file that may hold one makes the check inconclusive.
    `presence` marks the rule that says whether the family is there at all.
    """

    severity: Severity
    family: Family
    since: str
    needs: frozenset[Kind] = frozenset()
    presence: bool = False
    effort: Effort = Effort.MINUTES


@dataclass(frozen=True, slots=True)
class Check:
    """A rule tried by reading, as the catalogue found it."""

    id: str
    criterion: Criterion
    title: str
    page: str
    rule: Rule
    run: Callable[[Facts], Iterator[Statement]]
