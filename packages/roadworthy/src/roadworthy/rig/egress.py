"""Watches the run's processes for connections to foreign addresses: nothing of a run may leave this host."""

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

from roadworthy.rig.family import pids_below
from roadworthy.rig.sockets import foreign_peers

LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Foreign:
    """A connection, or an attempt at one, to an address outside this host; `at` is monotonic seconds."""

    at: float
    pid: int
    program: str
    address: str
    port: int
    state: str

    def __str__(self) -> str:
        """Say who reached for what."""
        return f"{self.program} ({self.pid}) → {self.address}:{self.port} ({self.state})"


class EgressWatch:
    """Looks, while inside, at the connections of everything below one process (usually the guardian).

    It polls: an attempt that is answered at once can be missed, one that is open or waiting is seen. The first foreign
    address sets `seen`.
    """

    def __init__(self, root_pid: int) -> None:
        """Watch the descendants of this process."""
        self.foreign: list[Foreign] = []
        self.looks = 0
        self.seen = asyncio.Event()
        self._root_pid = root_pid
        self._known: set[tuple[int, str, int]] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Look once more, and end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.look()

    def look(self) -> None:
        """Look once."""
        self.looks += 1
        for peer in foreign_peers(pids_below(self._root_pid), self._root_pid):
            if peer[:3] not in self._known:
                self._known.add(peer[:3])
                self.foreign.append(Foreign(time.monotonic(), peer.pid, _name(peer.pid), *peer[1:]))
                self.seen.set()

    async def _watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return "a process that is gone"
