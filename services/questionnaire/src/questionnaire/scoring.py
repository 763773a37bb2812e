"""Answers become scores: half rule, linear transformation, summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaire.instrument import Instrument, Scale, ScaleKind


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """The score of one scale, or None when fewer than half of its items are answered."""

    scale: Scale
    value: Fraction | None
    answered: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Every scale in the order of the instrument, and the summary."""

    scales: tuple[ScaleScore, ...]
    summary: Fraction | None


def score(instrument: Instrument, answers: Mapping[int, int]) -> Scores:
    """Given the answered items by number, return exact scores."""
    scales = tuple(_score_scale(scale, answers) for scale in instrument.scales)
    return Scores(scales=scales, summary=_summarise(instrument, scales))


def _score_scale(scale: Scale, answers: Mapping[int, int]) -> ScaleScore:
    values = [answers[item.number] for item in scale.items if item.number in answers]
    if 2 * len(values) < len(scale.items):
        return ScaleScore(scale, None, len(values))
    first = scale.items[0]
    position = (Fraction(sum(values), len(values)) - first.minimum) / (first.maximum - first.minimum)
    if scale.kind is ScaleKind.FUNCTIONAL:
        position = 1 - position
    return ScaleScore(scale, position * 100, len(values))


def _summarise(instrument: Instrument, scores: tuple[ScaleScore, ...]) -> Fraction | None:
    total = Fraction(0)
    counted = 0
    for entry in scores:
        if entry.scale.code in instrument.summary.excludes:
            continue
        if entry.value is None:
            return None
        total += entry.value if entry.scale.kind.high_is_good else 100 - entry.value
        counted += 1
    return total / counted
