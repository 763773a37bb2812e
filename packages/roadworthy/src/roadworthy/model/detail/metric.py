"""What is said about metrics: their definition, the values of their labels, and their use in PromQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """Where a metric comes from (Kind.METRIC, defines).

    `type` is "" when unknown; `labels` are those the series carry besides their target's, None when they cannot be
    read. `source` is "code", "recording rule" or what provides it. `variable` is the last part of the name the code
    gives it, "" where it has none; `family` the name without the endings of a histogram's or counter's series.

    A recording rule computes its metric from `inputs`; where `labels` is None it passes their labels on, without
    `dropped` and with `added`.
    """

    type: str
    labels: tuple[str, ...] | None
    source: str
    variable: str = ""
    family: str = ""
    inputs: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


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
    None where an annotation shows a label that the expression has grouped away: the labels that remain.
    """

    metric: str
    label: str
    user: str
    purpose: str
    by: str
    operator: str = ""
    remaining: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Matcher:
    """One label matcher of a PromQL selector; `operator` is one of = != =~ !~."""

    label: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class MetricUse:
    """A PromQL selector: the alert, recording rule or panel it serves (`user`), and its matchers."""

    user: str
    purpose: str
    matchers: tuple[Matcher, ...] = ()
