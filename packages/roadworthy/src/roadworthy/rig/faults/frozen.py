"""A process and everything it started stands still: its connections stay open, and nobody answers."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

from roadworthy.rig.process import Process


@dataclass(slots=True)
class Stopped:
    """Who stands still."""

    process: Process
    most: int = 0

    def bit(self) -> int:
        """Return the largest number of processes that were seen standing still."""
        self.most = max(self.most, sum(_stands_still(each) for each in self.process.family()))
        return self.most

    def says(self) -> str:
        """Return how many were frozen."""
        return f"{self.process.name}: {self.bit()} processes frozen (SIGSTOP)"


@dataclass(frozen=True, slots=True)
class Frozen:
    """Freeze a process."""

    name: str = "frozen"

    @asynccontextmanager
    async def applied_to(self, process: Process) -> AsyncIterator[Stopped]:
        """Freeze it while inside."""
        await process.signal(signal.SIGSTOP, whole=True)
        applied = Stopped(process)
        try:
            yield applied
        finally:
            applied.bit()
            await process.signal(signal.SIGCONT, whole=True)


def _stands_still(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_STOPPED
    except psutil.NoSuchProcess:
        return False
