"""How late this host lets us run: what every timing of the run must be read against."""

import asyncio
import time
from types import TracebackType
from typing import Self

INTERVAL_SECONDS = 0.01


class HostDelay:
    """Measures, while inside, how much later than asked the driver wakes up."""

    def __init__(self) -> None:
        """Prepare."""
        self.delays_seconds: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to measure."""
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the measurement."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def worst_seconds(self) -> float:
        """The longest delay so far."""
        return max(self.delays_seconds, default=0.0)

    def percentile_seconds(self, percent: float) -> float:
        """Return the delay that this share of all wake-ups did not pass; 0 when none was measured."""
        if not self.delays_seconds:
            return 0.0
        ordered = sorted(self.delays_seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    async def _measure(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(INTERVAL_SECONDS)
            self.delays_seconds.append(max(0.0, time.monotonic() - before - INTERVAL_SECONDS))
