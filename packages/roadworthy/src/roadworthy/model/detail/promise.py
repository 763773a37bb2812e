"""What documents promise in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """A document promises a number (Kind.DOCUMENT, defines, named by the topic).

    `topic` is "availability" (in per cent), "p95" and the like (seconds), "RPO", "RTO", "backup retention", "backup
    interval" (seconds) or "backup time" (minutes after midnight); `text` is the line it stands in.
    """

    topic: str
    value: float
    text: str
