"""The golden vectors: answers and scores on which two independent programs agree.

The file prints its scores with six decimals, so no exact score can equal the printed digits to 1e-9. Two comparisons
together say as much: a computed score must round to the printed one, and it must equal to 1e-9 the only possible score
that prints that way. Possible scores are multiples of 1/117: a scale's mean has a denominator that leaves 1, 3 or 9
after the factor 100, and the summary divides by 13. Neighbours are 0.0085 apart, the printed digits reach to 0.000001.
"""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

GOLDEN_FILE = Path(__file__).parent / "data" / "qlq-c30-golden.csv"
PRINTED = Fraction(1, 2 * 10**6)
POSSIBLE = 117


def read_golden() -> list[dict[str, str]]:
    """Return one row per case; an empty field is a missing answer or score."""
    with GOLDEN_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def exact(printed: str) -> Fraction:
    """Return the only possible score that prints like this."""
    given = Fraction(Decimal(printed))
    score = Fraction(round(given * POSSIBLE), POSSIBLE)
    if abs(score - given) > PRINTED:
        raise ValueError(f"{printed} is not a possible score")
    return score
