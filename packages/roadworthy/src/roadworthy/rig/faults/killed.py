"""A process and everything it started is killed. Only its owner can bring it back: leaving does not restart it."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.process import Process


@dataclass(frozen=True, slots=True)
class Ended:
    """What the kill has reached."""

    process: Process
    reached: int

    def bit(self) -> int:
        """Return how many processes got the signal, 0 when the main one ended otherwise."""
        return self.reached if self.process.returncode == -signal.SIGKILL else 0

    def says(self) -> str:
        """Return who was killed."""
        return f"{self.process.name}: {self.bit()} processes killed (SIGKILL)"


@dataclass(frozen=True, slots=True)
class Killed:
    """Kill a process."""

    name: str = "killed"

    @asynccontextmanager
    async def applied_to(self, process: Process) -> AsyncIterator[Ended]:
        """Kill it, and wait until it is gone."""
        reached = await process.signal(signal.SIGKILL, whole=True)
        await process.wait(10.0)
        yield Ended(process, reached)
