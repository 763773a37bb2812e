"""What is said about expressions: what they measure, and the numbers they compare that with."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class Measure:
    """What an expression measures, as far as its form tells: `factor` times the core, plus `offset`.

    `form` names the core: "quantile" (the `quantile` of the histogram behind `metric`), "share" (a part of a whole, by
    its form between 0 and 1), "ratio" (one sum divided by another), "rate", "increase" or "delta" of `metric`, or
    "series" (its values as they are). `rated` tells that counters pass a rate before they are divided; `summed` that
    several series are added up, so that limits of one series are none of the sum.
    """

    form: str
    metric: str
    factor: float = 1.0
    offset: float = 0.0
    quantile: float | None = None
    rated: bool = True
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """Words that tell people what an alert means: its name, or one of its annotations."""

    text: str
    at: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """An expression compares what it measures with a number (Kind.CONSTRUCT, refers, named by the metric).

    `operator` is read with the number on the right; `prose` are the words of the alert.
    """

    user: str
    purpose: str
    operator: str
    number: float
    measure: Measure
    prose: tuple[Prose, ...] = ()
