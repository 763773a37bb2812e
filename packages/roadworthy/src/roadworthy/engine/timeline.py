"""From the journal to one timeline a drill."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from roadworthy.model.event import Event, EventKind
from roadworthy.model.result import Mark, Result

MAXIMUM_REQUESTS = 240
_LANES = {
    EventKind.REQUEST: "request",
    EventKind.PROCESS: "process",
    EventKind.OBSERVATION: "observation",
    EventKind.DOUBT: "observation",
}


def with_timelines(results: Iterable[Result], events: Sequence[Event]) -> tuple[Result, ...]:
    """Return the results, each with the timeline of its drill as the journal tells it."""
    return tuple(replace(r, timeline=_marks([e for e in events if e.drill == r.rule])) for r in results)


def _marks(events: list[Event]) -> tuple[Mark, ...]:
    if not events:
        return ()
    ordered = sorted(events, key=lambda event: event.at_seconds)
    start = ordered[0].at_seconds
    shown = [event for event in ordered if event.kind not in (EventKind.OUTCOME, EventKind.DRILL, EventKind.RUN)]
    end = max((event.at_seconds + (event.took_seconds or 0) for event in shown), default=start)
    marks = [*_spans(ordered, EventKind.PHASE, (EventKind.PHASE,), "phase", end)]
    marks += _spans(ordered, EventKind.INTERVENTION, (EventKind.MENDED, EventKind.PHASE), "intervention", end)
    requests = _thinned([event for event in ordered if event.kind is EventKind.REQUEST])
    for event in (*requests, *(e for e in ordered if e.kind in _LANES and e.kind is not EventKind.REQUEST)):
        holds = False if event.kind is EventKind.DOUBT else event.holds
        marks.append(Mark(event.at_seconds, event.took_seconds or 0.0, _LANES[event.kind], event.says, holds))
    return tuple(replace(mark, at_seconds=mark.at_seconds - start) for mark in marks)


def _spans(
    events: list[Event], opens: EventKind, closes: tuple[EventKind, ...], lane: str, end: float
) -> Iterable[Mark]:
    """Yield one mark from each opening event to the next that closes it."""
    for number, event in enumerate(events):
        if event.kind is opens:
            until = next((e.at_seconds for e in events[number + 1 :] if e.kind in closes), end)
            yield Mark(event.at_seconds, until - event.at_seconds, lane, event.says)


def _thinned(requests: list[Event]) -> list[Event]:
    """Keep every request that went wrong, and of the others evenly as many as a picture can show."""
    wrong = [event for event in requests if event.holds is False]
    right = [event for event in requests if event.holds is not False]
    room = max(MAXIMUM_REQUESTS - len(wrong), 40)
    step = max(1, -(-len(right) // room))
    return [*wrong[:MAXIMUM_REQUESTS], *right[::step]]
