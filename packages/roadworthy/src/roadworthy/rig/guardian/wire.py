"""What the driver and the guardian say to one another: one JSON object a line, a frozen set of fields each."""

import json
from typing import Any, Literal, NotRequired, TypedDict


class Request(TypedDict):
    """What the driver asks: start a process, or signal one."""

    id: int
    do: Literal["spawn", "signal", "end"]
    name: NotRequired[str]
    arguments: NotRequired[list[str]]
    folder: NotRequired[str]
    environment: NotRequired[dict[str, str]]
    user: NotRequired[str | None]
    limits: NotRequired[dict[str, int | None]]
    stop_signal: NotRequired[int]
    pid: NotRequired[int]
    signal: NotRequired[int]
    whole: NotRequired[bool]
    grace_seconds: NotRequired[float]


class Event(TypedDict):
    """What the guardian tells: it is ready, an answer, lines of output, an end."""

    event: Literal["ready", "answer", "lines", "exit", "ending", "ended"]
    id: NotRequired[int]
    pid: NotRequired[int]
    area: NotRequired[str]
    isolated: NotRequired[bool]
    error: NotRequired[str]
    signalled: NotRequired[int]
    stream: NotRequired[str]
    lines: NotRequired[list[str]]
    dropped: NotRequired[int]
    code: NotRequired[int]
    at: NotRequired[float]
    reason: NotRequired[str]
    left: NotRequired[list[int]]


def encode(message: Request | Event) -> bytes:
    """Return the message as one line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Any:
    """Return the message in one line; both ends are ours, so a bad line is a defect and raises ValueError."""
    return json.loads(line)
