"""One metric family: its rows of numbers, bounded, and what it looks like when read."""

import re
import threading
from dataclasses import dataclass

from roadworthy_runtime import contract

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z").match
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*\Z").match

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the exposition: what follows the family's name, the labels, the value."""

    suffix: str
    labels: Labels
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A family at one moment."""

    name: str
    kind: str
    help_text: str
    samples: tuple[Sample, ...]


def reading(name: str, samples: list[Sample]) -> Reading:
    """Samples of one of the runtime's own metrics, under the kind and help that the contract gives it."""
    kind, _, help_text = contract.METRICS[name]
    return Reading(name, kind, help_text, tuple(samples))


def histogram_samples(labels: Labels, buckets: tuple[float, ...], row: list[float]) -> list[Sample]:
    """Given a row of counts per bucket, the overflow count and the sum, return the cumulative samples."""
    samples: list[Sample] = []
    total = 0.0
    for bound, count in zip((*buckets, float("inf")), row, strict=False):
        total += count
        samples.append(Sample("_bucket", (*labels, ("le", "+Inf" if bound == float("inf") else repr(bound))), total))
    samples.append(Sample("_sum", labels, row[-1]))
    samples.append(Sample("_count", labels, total))
    return samples


class Family:
    """The rows of one declared metric. Past `max_series` combinations of label values, new ones share one row."""

    __slots__ = ("buckets", "help_text", "kind", "labels", "lock", "max_series", "name", "rows")

    def __init__(
        self, kind: str, name: str, help_text: str, labels: tuple[str, ...], max_series: int, buckets: tuple[float, ...]
    ) -> None:
        wrong = declaration_faults(kind, name, labels, max_series, buckets)
        if wrong:
            raise ValueError(f"metric {name!r}: {'; '.join(wrong)}")
        self.kind, self.name, self.help_text, self.labels = kind, name, help_text, labels
        self.max_series, self.buckets = max_series, buckets
        self.lock = threading.Lock()
        self.rows: dict[tuple[str, ...], list[float]] = {}
        if not labels:
            self.row(())

    def row(self, values: tuple[str, ...]) -> list[float]:
        """The numbers of one combination of label values."""
        row = self.rows.get(values)
        if row is not None:
            return row
        if len(values) != len(self.labels):
            raise ValueError(f"metric {self.name!r}: expected values for {self.labels}, got {len(values)}")
        with self.lock:
            if values not in self.rows and len(self.rows) >= self.max_series:
                values = (contract.OVERFLOW,) * len(values)
            return self.rows.setdefault(values, [0.0] * (len(self.buckets) + 2 if self.buckets else 1))

    def read(self) -> Reading:
        """The family at this moment."""
        samples: list[Sample] = []
        with self.lock:
            rows = [(values, list(row)) for values, row in self.rows.items()]
        for values, row in rows:
            labels = tuple(zip(self.labels, values, strict=True))
            if self.buckets:
                samples += histogram_samples(labels, self.buckets, row)
            else:
                samples.append(Sample("", labels, row[0]))
        return Reading(self.name, self.kind, self.help_text, tuple(samples))


def declaration_faults(
    kind: str, name: str, labels: tuple[str, ...], max_series: int, buckets: tuple[float, ...]
) -> list[str]:
    """Everything that is wrong with a declaration, in words."""
    faults: list[str] = []
    if not _NAME(name):
        faults.append("the name may hold letters, digits, '_' and ':' only")
    if kind == "counter" and not name.endswith("_total"):
        faults.append(f"a counter's name ends in _total: {name}_total")
    if kind != "counter" and name.endswith("_total"):
        faults.append("only a counter's name ends in _total")
    faults += [f"{label!r} is not a label name" for label in labels if not _LABEL(label) or label == "le"]
    if len(set(labels)) != len(labels):
        faults.append("a label is named twice")
    if max_series < 1:
        faults.append("max_series is at least 1")
    if kind == "histogram" and (not buckets or list(buckets) != sorted(set(buckets)) or buckets[-1] == float("inf")):
        faults.append("buckets are finite, ascending and different")
    return faults
