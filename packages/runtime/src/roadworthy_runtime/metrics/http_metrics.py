"""Requests counted and timed; the number of series is bounded whatever is sent."""

from bisect import bisect_left

from roadworthy_runtime import contract
from roadworthy_runtime.metrics.family import Reading, Sample, histogram_samples, reading

MAX_SERIES = 2_000
_METHODS = frozenset(contract.METHODS)
_BUCKETS = contract.BUCKETS
_WIDTH = len(_BUCKETS) + 2


class HttpMetrics:
    """One row per method, route template and status, from which both the count and the histogram are read."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, int], list[float]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        row = self._rows.get((method, route, status))
        if row is None:
            row = self._new_row(method, route, status)
        row[bisect_left(_BUCKETS, seconds)] += 1
        row[-1] += seconds

    def _new_row(self, method: str, route: str, status: int) -> list[float]:
        if method not in _METHODS:
            method = contract.OVERFLOW
        if not 100 <= status <= 599:
            status = 0
        key = (method, route, status)
        if key not in self._rows and len(self._rows) >= MAX_SERIES:
            key = (contract.OVERFLOW, contract.OVERFLOW, 0)
        return self._rows.setdefault(key, [0.0] * _WIDTH)

    def read(self, in_flight: int) -> list[Reading]:
        """The request metrics at this moment."""
        totals: list[Sample] = []
        durations: list[Sample] = []
        for (method, route, status), row in self._rows.items():
            labels = (("method", method), ("route", route), ("status", str(status) if status else contract.OVERFLOW))
            totals.append(Sample("", labels, sum(row[:-1])))
            durations += histogram_samples(labels, _BUCKETS, row)
        return [
            reading("http_requests_total", totals),
            reading("http_request_duration_seconds", durations),
            reading("http_requests_in_flight", [Sample("", (), in_flight)]),
        ]
