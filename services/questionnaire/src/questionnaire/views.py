"""What callers receive: rows and scores as JSON objects."""

from collections.abc import Iterable

from psycopg.rows import DictRow
from pydantic.alias_generators import to_camel

from questionnaire.instrument import Instrument
from questionnaire.scoring import ScaleScore, score

JsonObject = dict[str, object]


def row_view(row: DictRow, *without: str) -> JsonObject:
    """Return a row with camelCase names."""
    return {to_camel(name): value for name, value in row.items() if name not in without}


def answer_views(rows: Iterable[DictRow]) -> list[JsonObject]:
    """Return answers without the session they belong to."""
    return [row_view(row, "session_id") for row in rows]


def scores_view(instrument: Instrument, answers: Iterable[DictRow]) -> JsonObject:
    """Return every scale and the summary, with which end is good said for each number."""
    scores = score(instrument, {row["item"]: row["value"] for row in answers if row["value"] is not None})
    summary = instrument.summary
    return {
        "instrument": instrument.key,
        "instrumentVersion": instrument.version,
        "algorithm": instrument.algorithm,
        "scales": [_scale_view(entry) for entry in scores.scales],
        "summary": {
            "code": summary.code,
            "name": summary.name,
            "value": None if scores.summary is None else float(scores.summary),
            "highIsGood": True,
        },
    }


def questions_view(instrument: Instrument) -> JsonObject:
    """Return the items with their codes and neutral labels."""
    return {
        "instrument": instrument.key,
        "instrumentVersion": instrument.version,
        "notice": instrument.notice,
        "items": [
            {
                "number": item.number,
                "linkId": item.link_id,
                "label": item.label,
                "options": list(range(item.minimum, item.maximum + 1)),
            }
            for item in instrument.items.values()
        ],
    }


def _scale_view(entry: ScaleScore) -> JsonObject:
    return {
        "code": entry.scale.code,
        "alias": entry.scale.alias,
        "name": entry.scale.name,
        "value": None if entry.value is None else float(entry.value),
        "answered": entry.answered,
        "items": len(entry.scale.items),
        "highIsGood": entry.scale.kind.high_is_good,
    }
