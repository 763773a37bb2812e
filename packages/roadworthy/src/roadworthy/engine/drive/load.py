"""Callers that travel journeys without pause, and remember every write that was acknowledged."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from roadworthy.engine.drive.traveller import Traveller
from roadworthy.model.codec import Json
from roadworthy.model.subject import AcknowledgedWrite, Step
from roadworthy.model.trial import ReadBack, Tried

AFTER_FAILURE_SECONDS = 0.03
LOOK_SECONDS = 0.01
READ_TRIES = 3
READ_PAUSE_SECONDS = 0.5
READERS = 8
ABSENT = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Promise:
    """A write the subject acknowledged, and all it takes to ask for it."""

    write: AcknowledgedWrite
    values: dict[str, Json]


class CallersLoad:
    """Several callers, each travelling one journey after another; no request is ever repeated.

    On leaving, callers begin nothing more, and what is under way may still be answered.
    """

    def __init__(
        self,
        traveller: Traveller,
        callers: int,
        paths: Sequence[Sequence[Step]],
        writes: Sequence[AcknowledgedWrite],
        reader: Callable[[], Traveller],
        empty_caches: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare to travel `paths`; path i of them ends with the acknowledgement of `writes[i]`, where there are any."""
        self.tried: list[Tried] = []
        self.promises: list[Promise] = []
        self.in_flight = 0
        self._traveller = traveller
        self._callers = callers
        self._paths = paths
        self._writes = writes
        self._reader = reader
        self._empty_caches = empty_caches
        self._patience_seconds = traveller.subject.limits.deadline_seconds * 2
        self._stopped = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged so far."""
        return len(self.promises)

    @property
    def answered(self) -> int:
        """How many requests the subject answered."""
        return sum(each.answer.status is not None for each in self.tried)

    async def __aenter__(self) -> Self:
        """Let the callers go."""
        self._tasks = [asyncio.create_task(self._call(number)) for number in range(self._callers)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the callers after the request each has under way."""
        self._stopped = True
        if kind is not None:
            for task in self._tasks:
                task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and kind is None:
                raise result

    async def reach(self, *, answers: int = 0, acknowledged: int = 0, in_flight: int = 0, within: float) -> bool:
        """Wait until so much has happened; False when it does not within that many seconds."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if len(self.tried) >= answers and self.acknowledged >= acknowledged and self.in_flight >= in_flight:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def read_back(self) -> ReadBack:
        """Empty the caches and ask for each acknowledged write."""
        await self._empty_caches()
        turn = asyncio.Semaphore(READERS)
        found = await asyncio.gather(*(self._found(promise, turn) for promise in self.promises))
        absent = tuple(says for state, says in found if state is False)
        return ReadBack(
            sum(state is True for state, _ in found), absent, tuple(s for state, s in found if state is None)
        )

    async def _call(self, number: int) -> None:
        for index in itertools.count(number):
            if self._stopped:
                return
            if not await self._travel(index % len(self._paths)):
                await asyncio.sleep(AFTER_FAILURE_SECONDS)

    async def _travel(self, index: int) -> bool:
        values = self._traveller.fresh()
        for step in self._paths[index]:
            if self._stopped:
                return True
            self.in_flight += 1
            try:
                tried, values = await self._traveller.send(step, values, self._patience_seconds)
            finally:
                self.in_flight -= 1
            self.tried.append(tried)
            if not tried.holds:
                return False
        if self._writes:
            self.promises.append(Promise(self._writes[index], values))
        return True

    async def _found(self, promise: Promise, turn: asyncio.Semaphore) -> tuple[bool | None, str]:
        """Say whether a write is there (None: cannot be told), and how it was found."""
        values = promise.values
        async with turn:
            for step in promise.write.read:
                for _ in range(READ_TRIES):
                    tried, after = await self._reader().send(step, values, self._patience_seconds)
                    status = tried.answer.status
                    if tried.holds or status in ABSENT or (status is not None and status < 300):
                        break
                    await asyncio.sleep(READ_PAUSE_SECONDS)
                if not tried.holds:
                    gone = status in ABSENT or (status is not None and status < 300)
                    return (False if gone else None), f"{step.request} of write {values['unique']}: {tried.wrong}"
                values = after
        return True, ""


class NoLoad:
    """The load that is none: nobody calls."""

    tried: Sequence[Tried] = ()
    acknowledged = 0
    in_flight = 0

    async def reach(self, *, answers: int = 0, acknowledged: int = 0, in_flight: int = 0, within: float) -> bool:
        """Return at once: nothing will ever happen."""
        return False

    async def read_back(self) -> ReadBack:
        """Return that there was nothing to find."""
        return ReadBack(0, (), ())
