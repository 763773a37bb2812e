"""From what was recorded to an outcome."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from roadworthy.engine.drive.episode import Intervened
from roadworthy.engine.drive.journal import Journal
from roadworthy.engine.drive.record import Record
from roadworthy.engine.drive.redactor import Redactor
from roadworthy.engine.drive.verdict import judged
from roadworthy.model.words import Outcome
from roadworthy.rig.delay import HostDelay


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    journal = Journal(tmp_path, lambda event: None, Redactor())
    yield Record("errors/x", journal, HostDelay())
    journal.close()


def intervened(bit: int) -> Intervened:
    return Intervened("a fault", lambda: bit, lambda: f"{bit} bytes held back")


def observe(record: Record, *, holds: bool) -> None:
    record.observe("it answers", expected="yes", actual="yes" if holds else "no", holds=holds)


def test_what_holds_under_a_fault_that_bit_passes(record: Record) -> None:
    record.begin(intervened(3))
    observe(record, holds=True)

    assert judged(record) == (Outcome.PASSED, "1 of 1 observations hold")


def test_what_does_not_hold_fails(record: Record) -> None:
    record.begin(intervened(3))
    observe(record, holds=True)
    observe(record, holds=False)

    assert judged(record) == (Outcome.FAILED, "it answers: expected yes; no")


@pytest.mark.parametrize("holds", [True, False])
def test_fault_that_did_not_bite_proves_nothing(record: Record, holds: bool) -> None:
    record.begin(intervened(0))
    observe(record, holds=holds)

    assert judged(record) == (Outcome.INCONCLUSIVE, "the intervention did not bite: a fault: 0 bytes held back")


def test_one_vain_intervention_leaves_open_what_another_one_proved(record: Record) -> None:
    record.begin(intervened(1))
    observe(record, holds=True)
    record.settle()
    record.begin(intervened(0))
    observe(record, holds=True)

    assert judged(record)[0] is Outcome.INCONCLUSIVE


def test_failure_under_a_fault_that_bit_outweighs_a_vain_one(record: Record) -> None:
    record.begin(intervened(1))
    observe(record, holds=False)
    record.settle()
    record.begin(intervened(0))

    assert judged(record)[0] is Outcome.FAILED


def test_observations_of_the_control_prove_nothing(record: Record) -> None:
    observe(record, holds=True)

    assert judged(record) == (Outcome.INCONCLUSIVE, "nothing was observed")


def test_doubt_leaves_it_open(record: Record) -> None:
    record.begin(intervened(1))
    observe(record, holds=True)
    record.observe_within("it ends", limit=1.0, measured=1.5, actual="200 after 1.50 s")

    assert judged(record) == (
        Outcome.INCONCLUSIVE,
        "cannot tell whether it ends: 1.50 s lies between the limit of 1 s and its margin of 2 s",
    )
