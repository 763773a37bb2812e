"""The journal of a drill as one picture."""

from roadworthy.engine.timeline import MAXIMUM_REQUESTS, with_timelines
from roadworthy.model.event import Event, EventKind
from roadworthy.model.result import Mark, Result, TrialKind
from roadworthy.model.words import Criterion, Family, Outcome, Severity

RESULT = Result("errors/x", Criterion.ERRORS, Severity.MAJOR, Family.SOURCE, TrialKind.DRILL, Outcome.FAILED, "")


def event(at: float, kind: EventKind, says: str = "", took: float | None = None, *, holds: bool | None = None) -> Event:
    """Return an event of the drill."""
    return Event(at, "errors/x", kind, says, took_seconds=took, holds=holds)


def test_phases_and_interventions_last_until_what_ends_them() -> None:
    events = [
        event(10.0, EventKind.DRILL),
        event(10.0, EventKind.PHASE, "control"),
        event(12.0, EventKind.PHASE, "disruption"),
        event(12.5, EventKind.INTERVENTION, "black hole"),
        event(13.0, EventKind.REQUEST, "GET /", 2.0, holds=False),
        event(16.0, EventKind.MENDED),
        event(16.0, EventKind.PHASE, "recovery"),
        event(17.0, EventKind.OBSERVATION, "back", holds=True),
        event(17.0, EventKind.OUTCOME, "failed", 7.0),
    ]

    (result,) = with_timelines([RESULT], events)

    assert result.timeline == (
        Mark(0.0, 2.0, "phase", "control"),
        Mark(2.0, 4.0, "phase", "disruption"),
        Mark(6.0, 1.0, "phase", "recovery"),
        Mark(2.5, 3.5, "intervention", "black hole"),
        Mark(3.0, 2.0, "request", "GET /", holds=False),
        Mark(7.0, 0.0, "observation", "back", holds=True),
    )


def test_many_requests_are_thinned_but_none_that_went_wrong_is_lost() -> None:
    events = [event(i / 100, EventKind.REQUEST, f"{i}", 0.01, holds=i % 50 != 0) for i in range(5000)]

    (result,) = with_timelines([RESULT], events)

    assert sum(mark.holds is False for mark in result.timeline) == 100
    assert len(result.timeline) <= MAXIMUM_REQUESTS + 10


def test_other_drills_events_are_left_out() -> None:
    other = Event(1.0, "errors/y", EventKind.REQUEST, "GET /")

    (result,) = with_timelines([RESULT], [other])

    assert result.timeline == ()
