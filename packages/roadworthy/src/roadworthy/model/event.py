"""What happened during a run, in order: one line of the journal each."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What an event is about."""

    RUN = "run"
    DRILL = "drill"
    PHASE = "phase"
    REQUEST = "request"
    INTERVENTION = "intervention"
    MENDED = "mended"
    PROCESS = "process"
    OBSERVATION = "observation"
    DOUBT = "doubt"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Event:
    """`at_seconds` counts from the start of the run; `took_seconds` is set where something lasted."""

    at_seconds: float
    drill: str
    kind: EventKind
    says: str
    phase: str = ""
    took_seconds: float | None = None
    holds: bool | None = None
