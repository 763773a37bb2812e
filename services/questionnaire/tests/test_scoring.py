"""Scores equal those of two independent programs on every golden vector."""

from decimal import Decimal
from fractions import Fraction

import pytest
from golden import PRINTED, exact, read_golden

from questionnaire.instrument import load_instrument
from questionnaire.scoring import score

INSTRUMENT = load_instrument()
GOLDEN = read_golden()


def test_there_are_two_hundred_golden_vectors() -> None:
    assert len(GOLDEN) == 200


@pytest.mark.parametrize("row", GOLDEN, ids=[row["case"] for row in GOLDEN])
def test_scores_equal_the_golden_vector(row: dict[str, str]) -> None:
    answers = {number: int(row[f"q{number}"]) for number in INSTRUMENT.items if row[f"q{number}"]}

    scores = score(INSTRUMENT, answers)

    computed = {entry.scale.alias: entry.value for entry in scores.scales} | {"SUM": scores.summary}
    for code, value in computed.items():
        if row[code] == "":
            assert value is None, code
        else:
            assert value is not None, code
            assert abs(value - Fraction(Decimal(row[code]))) <= PRINTED, code
            assert abs(float(value) - float(exact(row[code]))) <= 1e-9, code


def test_every_scale_of_the_golden_file_is_scored() -> None:
    aliases = {scale.alias for scale in INSTRUMENT.scales} | {INSTRUMENT.summary.code}

    assert aliases == {name for name in GOLDEN[0] if name != "case" and not name.startswith("q")}
