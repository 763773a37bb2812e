"""The service's own counters, gauges and histograms: declared at module level, one line each.

saved = Counter("answers_saved_total", "Answers stored.", ("source",))
saved.labels("web").inc()
"""

from bisect import bisect_left

from roadworthy_runtime import contract
from roadworthy_runtime.metrics.family import Family
from roadworthy_runtime.metrics.registry import REGISTRY

DEFAULT_MAX_SERIES = 100


class _Series:
    """One row of a family: what is left once the label values are known."""

    __slots__ = ("_family", "_row")

    def __init__(self, family: Family, row: list[float]) -> None:
        self._family = family
        self._row = row


class CounterSeries(_Series):
    """A count that only grows."""

    __slots__ = ()

    def inc(self, amount: float = 1.0) -> None:
        """Add; raise ValueError for a negative amount."""
        if not amount >= 0:
            raise ValueError(f"metric {self._family.name!r}: a counter never goes down")
        with self._family.lock:
            self._row[0] += amount


class GaugeSeries(_Series):
    """A value that goes up and down."""

    __slots__ = ()

    def set(self, value: float) -> None:
        """Replace the value."""
        with self._family.lock:
            self._row[0] = float(value)

    def inc(self, amount: float = 1.0) -> None:
        """Add."""
        with self._family.lock:
            self._row[0] += amount

    def dec(self, amount: float = 1.0) -> None:
        """Take away."""
        self.inc(-amount)


class HistogramSeries(_Series):
    """How often values fell into which range."""

    __slots__ = ()

    def observe(self, value: float) -> None:
        """Count the value in its bucket."""
        index = bisect_left(self._family.buckets, value)
        with self._family.lock:
            self._row[index] += 1
            self._row[-1] += value


class _Instrument:
    """What the three kinds share: a family, and the row for a combination of label values."""

    __slots__ = ("_family",)

    def __init__(self, family: Family) -> None:
        self._family = family

    def _row(self, values: tuple[object, ...], named: dict[str, object]) -> list[float]:
        family = self._family
        if named:
            if values or set(named) != set(family.labels):
                raise ValueError(f"metric {family.name!r}: expected the labels {family.labels}")
            values = tuple(named[label] for label in family.labels)
        return family.row(tuple(map(str, values)))


class Counter(_Instrument):
    """Given a name ending in _total, a help text and label names, count; at most `max_series` combinations are kept."""

    __slots__ = ()

    def __init__(
        self, name: str, help_text: str, labels: tuple[str, ...] = (), *, max_series: int = DEFAULT_MAX_SERIES
    ) -> None:
        super().__init__(REGISTRY.declare("counter", name, help_text, tuple(labels), max_series))

    def labels(self, *values: object, **named: object) -> CounterSeries:
        """The series of these label values, by order or by name."""
        return CounterSeries(self._family, self._row(values, named))

    def inc(self, amount: float = 1.0) -> None:
        """Add to the counter without labels."""
        self.labels().inc(amount)


class Gauge(_Instrument):
    """Given a name, a help text and label names, hold a value; at most `max_series` combinations are kept."""

    __slots__ = ()

    def __init__(
        self, name: str, help_text: str, labels: tuple[str, ...] = (), *, max_series: int = DEFAULT_MAX_SERIES
    ) -> None:
        super().__init__(REGISTRY.declare("gauge", name, help_text, tuple(labels), max_series))

    def labels(self, *values: object, **named: object) -> GaugeSeries:
        """The series of these label values, by order or by name."""
        return GaugeSeries(self._family, self._row(values, named))

    def set(self, value: float) -> None:
        """Replace the value of the gauge without labels."""
        self.labels().set(value)

    def inc(self, amount: float = 1.0) -> None:
        """Add to the gauge without labels."""
        self.labels().inc(amount)

    def dec(self, amount: float = 1.0) -> None:
        """Take away from the gauge without labels."""
        self.labels().inc(-amount)


class Histogram(_Instrument):
    """Given a name, a help text, label names and upper bounds, count values by range."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        help_text: str,
        labels: tuple[str, ...] = (),
        *,
        buckets: tuple[float, ...] = contract.BUCKETS,
        max_series: int = DEFAULT_MAX_SERIES,
    ) -> None:
        bounds = tuple(float(bound) for bound in buckets)
        super().__init__(REGISTRY.declare("histogram", name, help_text, tuple(labels), max_series, bounds))

    def labels(self, *values: object, **named: object) -> HistogramSeries:
        """The series of these label values, by order or by name."""
        return HistogramSeries(self._family, self._row(values, named))

    def observe(self, value: float) -> None:
        """Count a value in the histogram without labels."""
        self.labels().observe(value)
