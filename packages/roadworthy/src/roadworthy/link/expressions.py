"""What comparisons measure once the recording rules they name are followed."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.expression import Comparison, Measure
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.symbol import Action, Kind

_MAXIMUM_DEPTH = 8


def derive(draft: Draft) -> None:
    """Put the measure of a recording rule in the place of its name wherever a comparison names it."""
    recorded: dict[str, Measure | None] = {}
    for symbol in draft.of(Kind.METRIC, Action.DEFINES):
        detail = symbol.detail
        if isinstance(detail, MetricDefinition):
            name = str(symbol.name)
            alone = detail.source == "recording rule" and name not in recorded
            recorded[name] = detail.measure if alone else None
    recorded = {name: measure for name, measure in recorded.items() if measure is not None}
    if not recorded:
        return
    for index, symbol in enumerate(draft.symbols):
        if isinstance(symbol.detail, Comparison):
            measure = symbol.detail.measure
            followed = _followed(measure, recorded)
            if followed is not measure:
                draft.symbols[index] = replace(symbol, detail=replace(symbol.detail, measure=followed))


def _followed(measure: Measure, recorded: dict[str, Measure | None]) -> Measure:
    for _ in range(_MAXIMUM_DEPTH):
        inner = recorded.get(measure.metric) if measure.form == "series" else None
        if inner is None:
            break
        measure = replace(
            inner,
            factor=inner.factor * measure.factor,
            offset=inner.offset * measure.factor + measure.offset,
            summed=inner.summed or measure.summed,
        )
    return measure
