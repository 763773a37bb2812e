"""The ordered events of a run, written as they happen."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO

from roadworthy.engine.drive.redactor import Redactor
from roadworthy.model.event import Event, EventKind

FILE = "journal.jsonl"


class Journal:
    """Appends events to the run folder and tells them to whoever listens, without secrets."""

    def __init__(self, folder: Path, on_event: Callable[[Event], None], redactor: Redactor) -> None:
        """Open the file; the run begins at this moment."""
        self.started = time.monotonic()
        self.events: list[Event] = []
        self._on_event = on_event
        self._redactor = redactor
        self._file: IO[str] = (folder / FILE).open("w", encoding="utf-8")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def clean(self, text: str) -> str:
        """Return a text without secrets."""
        return self._redactor.clean(text)

    def note(
        self,
        kind: EventKind,
        says: str,
        *,
        drill: str = "",
        phase: str = "",
        at: float | None = None,
        took_seconds: float | None = None,
        holds: bool | None = None,
    ) -> Event:
        """Write one event; `at` is a moment of the monotonic clock, the present one by default."""
        moment = round((time.monotonic() if at is None else at) - self.started, 4)
        took = None if took_seconds is None else round(took_seconds, 4)
        event = Event(moment, drill, kind, self._redactor.clean(says), phase, took, holds)
        self.events.append(event)
        self._file.write(json.dumps(asdict(event), ensure_ascii=False) + "\n")
        self._file.flush()
        self._on_event(event)
        return event
