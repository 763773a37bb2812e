"""The page reads back as what went in, whatever went in."""

import math

from hypothesis import given
from hypothesis import strategies as st

from asking import parse
from roadworthy_runtime.metrics.exposition import number, render
from roadworthy_runtime.metrics.family import Family, Reading, Sample

names = st.from_regex(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,20}", fullmatch=True)
labels = st.lists(st.from_regex(r"(?!__|le\Z)[a-zA-Z_][a-zA-Z0-9_]{0,10}", fullmatch=True), unique=True, max_size=4)
texts = st.text(st.characters(codec="utf-8"))
numbers = st.floats(allow_nan=False)


@given(names, labels, st.data())
def test_any_labels_and_values_read_back(name: str, label_names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.dictionaries(st.tuples(*(texts for _ in label_names)), numbers, max_size=5))
    samples = [Sample("", tuple(zip(label_names, values, strict=True)), value) for values, value in rows.items()]

    page = render([Reading(name, "gauge", "any \\ help\nwhatsoever", tuple(samples))])
    kinds, series = parse(page.decode())

    assert kinds == {name: "gauge"}
    assert series == {(name, frozenset(zip(label_names, values, strict=True))): value for values, value in rows.items()}


@given(st.floats())
def test_any_number_reads_back(value: float) -> None:
    read = float(number(value))

    assert read == value or (math.isnan(read) and math.isnan(value))


@given(
    st.lists(st.floats(0.001, 1000), min_size=1, max_size=8, unique=True).map(sorted),
    st.lists(st.floats(0, 2000), max_size=50),
)
def test_histogram_counts_every_value_once_and_cumulatively(bounds: list[float], values: list[float]) -> None:
    from bisect import bisect_left

    family = Family("histogram", "h", "", (), 10, tuple(bounds))
    row = family.row(())
    for value in values:
        row[bisect_left(family.buckets, value)] += 1
        row[-1] += value

    _, series = parse(render([family.read()]).decode())

    for bound in bounds:
        assert series["h_bucket", frozenset({("le", repr(bound))})] == sum(value <= bound for value in values)
    assert series["h_bucket", frozenset({("le", "+Inf")})] == series["h_count", frozenset()] == len(values)
    assert math.isclose(series["h_sum", frozenset()], math.fsum(values), abs_tol=1e-9)


def test_broken_text_does_not_break_the_page() -> None:
    page = render([Reading("m", "gauge", "", (Sample("", (("a", "\ud800"),), 1),))])

    assert page.decode().endswith('m{a="?"} 1\n')
