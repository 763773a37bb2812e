"""Runs one dependency check in the background, one probe at a time, and remembers the last outcome.

Readiness fails closed: until the first answer, and after a missed deadline, the dependency counts as down.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable
from enum import StrEnum

from roadworthy_runtime import contract
from roadworthy_runtime.errors.stack import error_name
from roadworthy_runtime.health.dependency_check import DependencyCheck

_LOGGER = logging.getLogger("roadworthy.health")


class State(StrEnum):
    """What is known of a dependency."""

    PENDING = "pending"
    UP = "up"
    DOWN = "down"


class Checker:
    """Owns the task that asks; whoever wants to know reads `state` and never waits."""

    def __init__(self, check: DependencyCheck) -> None:
        self.check = check
        self.state = State.PENDING
        self.outcomes: dict[str, int] = dict.fromkeys(contract.CHECK_OUTCOMES, 0)
        self._task: asyncio.Task[None] | None = None

    def start(self, lost: Callable[[], None]) -> None:
        """Begin asking; call it inside the running loop. `lost` is called when the asking ends before `stop`."""
        if self._task is None:
            self.state = State.PENDING
            self._task = asyncio.create_task(self._ask_for_ever(lost), name=f"roadworthy-check-{self.check.name}")

    async def stop(self) -> None:
        """Stop asking and end a probe under way, without waiting for one that refuses to end."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=self.check.deadline_seconds)

    async def _ask_for_ever(self, lost: Callable[[], None]) -> None:
        try:
            while True:
                await self._ask_once()
                await asyncio.sleep(self.check.interval_seconds)
        finally:
            self.state = State.PENDING
            if self._task is not None:
                self._task = None
                lost()

    async def _ask_once(self) -> None:
        """One probe; when it overstays its deadline the outcome is known at once, the next begins after it has ended."""
        probe = asyncio.create_task(self._probe(), name=f"roadworthy-probe-{self.check.name}")
        try:
            await asyncio.wait({probe}, timeout=self.check.deadline_seconds)
            if probe.done():
                self._conclude(probe)
                return
            self._record("timeout", f"no answer within {self.check.deadline_seconds:g} s")
            probe.cancel()
            await asyncio.wait({probe})
            if not probe.cancelled():
                probe.exception()  # seen: the outcome stays the missed deadline
        finally:
            probe.cancel()

    async def _probe(self) -> object:
        answer: object = self.check.probe()
        if not inspect.isawaitable(answer):
            raise TypeError(f"the probe of {self.check.name!r} is not async")
        return await answer

    def _conclude(self, probe: asyncio.Task[object]) -> None:
        if probe.cancelled():
            self._record("error", "the probe was cancelled")
            return
        error = probe.exception()
        if error is not None:
            outcome = "refused" if isinstance(error, OSError) else "error"
            self._record(outcome, error_name(error))
        elif probe.result() is False:
            self._record("error", "the probe returned False")
        else:
            self._record("up", "")

    def _record(self, outcome: str, reason: str) -> None:
        """Remember the outcome; a change is logged once, with the error's class only: its text may hold credentials."""
        self.outcomes[outcome] += 1
        state = State.UP if outcome == "up" else State.DOWN
        if state is not self.state:
            fields = {"dependency": self.check.name, "outcome": outcome, "critical": self.check.critical}
            if state is State.UP:
                _LOGGER.info("dependency is up", extra=fields)
            else:
                _LOGGER.warning("dependency is down", extra={**fields, "reason": reason})
        self.state = state
