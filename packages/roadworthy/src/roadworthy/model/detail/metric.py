"""What is said about metrics: their definition, the values of their labels, and their use in PromQL."""

from dataclasses import dataclass

from roadworthy.model.detail.expression import Measure
from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """Where a metric comes from (Kind.METRIC, defines).

    `type` is "" when unknown; `labels` are those the series carry besides their target's, None when they cannot be
    read. `source` is "code", "recording rule" or what provides it. `variable` is the last part of the name the code
    gives it, "" where it has none; `family` the name without the endings of a histogram's or counter's series.

    A recording rule computes its metric from `inputs`; where `labels` is None it passes their labels on, without
    `dropped` and with `added`; `measure` is what it measures.

    `buckets` are the finite upper bounds of a histogram in rising order, None where they are not known (or it is none);
    `buckets_at` is where they are written, None for a library's own.
    """

    type: str
    labels: tuple[str, ...] | None
    source: str
    variable: str = ""
    family: str = ""
    inputs: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    measure: Measure | None = None
    buckets: tuple[float, ...] | None = None
    buckets_at: Span | None = None


@dataclass(frozen=True, slots=True)
class MetricTouch:
    """Code does something with a metric (Kind.METRIC, refers, named by the last part of the variable's name).

    `how` is the method called ("inc", "labels", "observe" …) or "passed": what happens to it then is not followed.
    """

    how: str


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A value a label can have (Kind.LABEL_VALUE, defines).

    `domain` is "exact" (the symbol's name is the value), "status-code", "status-class", "integer" or "method"; the name
    is then a pattern. As code says it, `variable` and `label` or `position` tell whose; linked, `metric` and `label`.
    """

    domain: str
    label: str
    metric: str = ""
    variable: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class LabelsGiven:
    """Code gives a metric its labels (Kind.LABEL, refers, named by the last part of the variable's name): by `names`, or
    `count` of them in order. `all_needed` tells that the client library raises where one of those declared is left out."""

    names: tuple[str, ...]
    count: int
    all_needed: bool


@dataclass(frozen=True, slots=True)
class LabelFilled:
    """Code fills a label with something that has no end of values (Kind.LABEL_VALUE, refers, named by the label; derived).

    `source` says what that is in words; `family` and `defined_at` are the metric's.
    """

    family: str
    source: str
    defined_at: Span


@dataclass(frozen=True, slots=True)
class LabelDefinition:
    """A label the series of a metric carry (Kind.LABEL, defines, named `metric{label}`; derived). `own` tells that the
    metric's declaration names it; others come from the scrape configuration or an expression."""

    metric: str
    label: str
    own: bool


@dataclass(frozen=True, slots=True)
class LabelUse:
    """An expression needs a label (Kind.LABEL, refers, named `metric{label}`) or one of its values (Kind.LABEL_VALUE,
    refers, named by the value or regular expression).

    `by` is "matcher", "by", "on", "label_replace" or "annotation"; `operator` that of a matcher. `remaining` is not
    None where an annotation shows a label that the expression has grouped away: the labels that remain, and `grouped_at` where it groups.
    """

    metric: str
    label: str
    user: str
    purpose: str
    by: str
    operator: str = ""
    remaining: tuple[str, ...] | None = None
    grouped_at: Span | None = None


@dataclass(frozen=True, slots=True)
class Matcher:
    """One label matcher of a PromQL selector; `operator` is one of = != =~ !~."""

    label: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class MetricUse:
    """A PromQL selector: the alert, recording rule or panel it serves (`user`), and its matchers.

    `within` are the functions and aggregations around it, outermost first; `range_seconds` is the time it looks back
    over, None for an instant or where a variable decides. `bounds_kept` tells that the buckets of a histogram are still
    told apart (by `le`) where a function needs that, or in the result.
    """

    user: str
    purpose: str
    matchers: tuple[Matcher, ...] = ()
    within: tuple[str, ...] = ()
    range_seconds: float | None = None
    bounds_kept: bool = True
