"""The service's own metrics: declared once, bounded, exact."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from asking import parse
from roadworthy_runtime import Counter, Gauge, Histogram
from roadworthy_runtime.metrics.exposition import render
from roadworthy_runtime.metrics.registry import REGISTRY

_numbers = count()


def name(suffix: str = "") -> str:
    """A name nobody has declared: the registry lives as long as the process."""
    return f"tested_{next(_numbers)}{suffix}"


def read(metric: str, **labels: str) -> float:
    return parse(render(REGISTRY.read()).decode())[1][metric, frozenset(labels.items())]


def test_counter_starts_at_zero_and_adds_up() -> None:
    metric = name("_total")
    counter = Counter(metric, "Things.")

    before = read(metric)
    counter.inc()
    counter.inc(2.5)

    assert (before, read(metric)) == (0, 3.5)


def test_labels_are_given_by_order_or_by_name() -> None:
    metric = name("_total")
    counter = Counter(metric, "Things.", ("source", "kind"))

    counter.labels("web", 1).inc()
    counter.labels(kind="1", source="web").inc()

    assert read(metric, source="web", kind="1") == 2


def test_gauge_goes_both_ways() -> None:
    metric = name()
    gauge = Gauge(metric, "Level.", ("tank",))

    gauge.labels("a").set(5)
    gauge.labels("a").inc(2)
    gauge.labels("a").dec()

    assert read(metric, tank="a") == 6


def test_histogram_counts_by_range() -> None:
    metric = name("_seconds")
    histogram = Histogram(metric, "Time.", buckets=(1, 2))

    for value in (0.5, 1, 1.5, 3):
        histogram.observe(value)

    assert [read(f"{metric}_bucket", le=le) for le in ("1.0", "2.0", "+Inf")] == [2, 3, 4]
    assert (read(f"{metric}_sum"), read(f"{metric}_count")) == (6, 4)


def test_series_past_the_declared_maximum_share_one() -> None:
    metric = name("_total")
    counter = Counter(metric, "Things.", ("user",), max_series=3)

    for number in range(1000):
        counter.labels(f"user-{number}").inc()

    series = {
        labels: value for (each, labels), value in parse(render(REGISTRY.read()).decode())[1].items() if each == metric
    }
    assert len(series) == 4
    assert series[frozenset({("user", "OTHER")})] == 997


def test_counting_from_many_threads_loses_nothing() -> None:
    metric = name("_total")
    counter = Counter(metric, "Things.")

    def add() -> None:
        for _ in range(2000):
            counter.inc()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert read(metric) == 16_000


def test_same_declaration_twice_is_one_metric() -> None:
    metric = name("_total")

    Counter(metric, "Things.", ("a",)).labels("x").inc()
    Counter(metric, "Things.", ("a",)).labels("x").inc()

    assert read(metric, a="x") == 2


def _clash() -> None:
    metric = name("_total")
    Counter(metric, "Things.", ("a",))
    Counter(metric, "Things.", ("b",))


def _histogram_series() -> None:
    metric = name()
    Histogram(metric, "Time.")
    Gauge(f"{metric}_sum", "Sum.")


@pytest.mark.parametrize(
    ("declare", "complaint"),
    [
        (lambda: Counter("things", "Things."), "ends in _total"),
        (lambda: Gauge("things_total", "Things."), "only a counter"),
        (lambda: Counter("no good_total", "Things."), "letters, digits"),
        (lambda: Counter("good_total", "Things.", ("no good",)), "not a label name"),
        (lambda: Histogram("good", "Things.", ("le",)), "not a label name"),
        (lambda: Counter("good_total", "Things.", ("a", "a")), "named twice"),
        (lambda: Counter("good_total", "Things.", ("a",), max_series=0), "at least 1"),
        (lambda: Histogram("good", "Things.", buckets=(2, 1)), "ascending"),
        (lambda: Histogram("good", "Things.", buckets=(1, float("inf"))), "finite"),
        (lambda: Counter("http_requests_total", "Things."), "exports this one already"),
        (lambda: Gauge("http_request_duration_seconds_sum", "Sum."), "collide"),
        (lambda: Counter(name("_total"), "Things.").inc(-1), "never goes down"),
        (lambda: Counter(name("_total"), "Things.", ("a",)).inc(), "expected values"),
        (lambda: Counter(name("_total"), "Things.", ("a",)).labels(b="x"), "expected the labels"),
        (_clash, "declared before"),
        (_histogram_series, "collide"),
    ],
)
def test_wrong_use_is_refused_in_words(declare: Callable[[], Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        declare()
