"""Secrets made up by the rig, put where secrets travel, and looked for wherever they must not turn up."""

import time
from collections.abc import Callable, Sequence
from random import Random

from roadworthy.engine.drive.episode import Intervened
from roadworthy.engine.drive.redactor import Redactor
from roadworthy.engine.drive.road import Stage
from roadworthy.engine.drive.search import search, written_files
from roadworthy.model.trial import Leak
from roadworthy.rig.client import Record

NO_CANARY = "nothing"
BITS = 96


class Canaries:
    """The canaries of one trial, by the place each was put in."""

    def __init__(self, redactor: Redactor, random: Random) -> None:
        """Begin with none; only what is written from this moment on is searched."""
        self._redactor = redactor
        self._random = random
        self._began = time.time()
        self._values: dict[str, str] = {}

    def plant(self, place: str) -> str:
        """Make up a secret for a place."""
        value = f"cnry{self._random.getrandbits(BITS):024x}"
        self._values[place] = value
        self._redactor.know(f"canary in {place}", value)
        return value

    def begun(self, place: str, records: Callable[[], Sequence[Record]]) -> Intervened:
        """Return the intervention that a canary is: it bites when an answered request carried it."""

        def carried() -> int:
            value = self._values.get(place)
            return 0 if value is None else sum(_carries(record, value) for record in records())

        return Intervened(f"canary in {place}", carried, lambda: f"{carried()} answered requests carried it")

    def leaks(self, stage: Stage, records: Sequence[Record], metrics: str) -> list[Leak]:
        """Search output, logs and metrics for canaries and secrets of the environment, and answers for the latter."""
        places = [("its output", running.output()) for running in stage.processes]
        places += [*written_files(stage.road.workspace.root, self._began), ("its metrics", metrics)]
        environment = stage.road.secrets()
        answers = [
            (f"the answer to {record.request.method} {record.request.path.partition('?')[0]}", _text(record))
            for record in records
        ]
        return [
            *search(places, {**environment, **self._values}, self._redactor),
            *search(answers, environment, self._redactor),
        ]


def _carries(record: Record, value: str) -> bool:
    request = record.request
    return record.status is not None and value in str((request.path, request.headers, request.content))


def _text(record: Record) -> str:
    return record.body.decode("utf-8", errors="replace")
