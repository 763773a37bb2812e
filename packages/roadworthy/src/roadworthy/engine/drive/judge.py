"""Compares an answer with what its step declares."""

from collections.abc import Mapping

from roadworthy.engine.drive.template import HEADER, Absent, Values, as_text, fill, fill_text, lookup, parsed, same
from roadworthy.model.codec import Json
from roadworthy.model.subject import Step
from roadworthy.model.trial import Answer

SHOWN = 120


def wrong(step: Step, answer: Answer, headers: Mapping[str, str], values: Values) -> str:
    """Return what about the answer is not as declared, in words; empty when all is."""
    if answer.status is None:
        return answer.problem
    if answer.status not in step.expect:
        wanted = " or ".join(map(str, step.expect))
        return f"answered {answer.status}, not {wanted}{_beginning(answer.text)}"
    everything = dict(values) | captured(step, answer, headers)
    missing = [name for name, _ in step.capture if name not in everything]
    if missing:
        path = dict(step.capture)[missing[0]]
        return f"answered {answer.status} without {path!r}{_beginning(answer.text)}"
    for template in step.contains:
        text = fill_text(template, everything)
        if text not in answer.text:
            return f"answered {answer.status} without {text!r}{_beginning(answer.text)}"
    body = parsed(answer.text)
    for path, wanted_value in step.equals:
        expected, found = fill(wanted_value, everything), lookup(body, path)
        if isinstance(found, Absent):
            return f"answered {answer.status} without {path!r}{_beginning(answer.text)}"
        if not same(found, expected):
            return f"answered {path} = {_short(as_text(found))}, not {_short(as_text(expected))}"
    return ""


def captured(step: Step, answer: Answer, headers: Mapping[str, str]) -> dict[str, Json]:
    """Return what the step takes from its answer, without what is not there."""
    body = parsed(answer.text)
    taken: dict[str, Json] = {}
    for name, path in step.capture:
        if path.startswith(HEADER):
            value: Json | Absent = headers.get(path.removeprefix(HEADER).lower(), Absent())
        else:
            value = lookup(body, path)
        if not isinstance(value, Absent) and value is not None:
            taken[name] = value
    return taken


def _beginning(text: str) -> str:
    return f": {_short(text)}" if text.strip() else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
