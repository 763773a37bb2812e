"""A process of the run, seen from the driver: its end, its output, what it uses."""

import asyncio
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from roadworthy.rig.family import pids_below

LINES_KEPT = 50_000
CHARACTERS_KEPT = 32 * 2**20
SAMPLES_KEPT = 20_000
SAMPLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output: when the guardian read it (monotonic seconds), on which stream."""

    at: float
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process and its descendants used at one moment (monotonic seconds)."""

    at: float
    rss_bytes: int
    processor_seconds: float
    open_descriptors: int
    threads: int


Deliver = Callable[[int, int, bool], Awaitable[int]]


class Process:
    """A process the guardian started. It leads its own session; `whole` means it and everything it started."""

    def __init__(self, name: str, pid: int, started: float, folder: Path, deliver: Deliver) -> None:
        """Wrap a started process; only the guardian's driver side makes one."""
        self.name = name
        self.pid = pid
        self.started = started
        self.folder = folder
        self.returncode: int | None = None
        self.ended: float | None = None
        self.dropped_lines = 0
        self.samples: deque[Sample] = deque(maxlen=SAMPLES_KEPT)
        self._deliver = deliver
        self._lines: deque[Line] = deque()
        self._characters = 0
        self._end = asyncio.Event()
        self._sampling = asyncio.create_task(self._sample_until_end())

    def __repr__(self) -> str:
        """Name, id, and state."""
        state = "running" if self.running else f"ended with {self.returncode}"
        return f"<Process {self.name} {self.pid} {state}>"

    @property
    def running(self) -> bool:
        """Whether its end has not been told yet."""
        return not self._end.is_set()

    async def wait(self, timeout_seconds: float) -> int | None:
        """Return the exit code (negative: the signal that ended it), or None when it still runs after the timeout.

        None is also the code of a process whose guardian was lost before it could tell.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._end.wait()
        except TimeoutError:
            return None
        return self.returncode

    async def signal(self, number: int, *, whole: bool = False) -> int:
        """Send a signal to the process, or to it and everything it started; return how many received it.

        Raise RoadworthyError when the guardian is gone.
        """
        return await self._deliver(self.pid, number, whole)

    async def stop(self, grace_seconds: float = 5.0) -> int | None:
        """Ask it to terminate, kill what is left of it after the grace, and return the exit code."""
        if self.running:
            await self.signal(signal.SIGTERM)
            await self.wait(grace_seconds)
        await self.signal(signal.SIGKILL, whole=True)
        return await self.wait(10.0)

    async def kill(self) -> int | None:
        """Kill it and everything it started, at once, and return the exit code."""
        await self.signal(signal.SIGKILL, whole=True)
        return await self.wait(10.0)

    def lines(self, since: float = 0.0) -> list[Line]:
        """Return the captured output in the order it was read, from a monotonic moment on.

        The last 50,000 lines and 32 million characters are kept; `dropped_lines` counts the others."""
        return [line for line in self._lines if line.at >= since]

    def family(self) -> list[psutil.Process]:
        """Return the process and its present descendants."""
        return [process for process in map(_found, (self.pid, *pids_below(self.pid))) if process is not None]

    def heard(self, at: float, stream: str, texts: list[str], dropped: int) -> None:
        """Take output from the guardian."""
        self._lines.extend(Line(at, stream, text) for text in texts)
        self._characters += sum(map(len, texts))
        self.dropped_lines += dropped
        while len(self._lines) > LINES_KEPT or self._characters > CHARACTERS_KEPT:
            self._characters -= len(self._lines.popleft().text)
            self.dropped_lines += 1

    def over(self, at: float, code: int | None) -> None:
        """Take the end from the guardian."""
        self.returncode = code
        self.ended = at
        self._end.set()
        self._sampling.cancel()

    def sample(self, at: float) -> Sample | None:
        """Measure the process and its descendants; None when it is gone."""
        measured = [each for each in (_measure(member) for member in self.family()) if each is not None]
        if not measured:
            return None
        rss, processor, descriptors, threads = (sum(column) for column in zip(*measured, strict=True))
        return Sample(at, int(rss), processor, int(descriptors), int(threads))

    async def _sample_until_end(self) -> None:
        clock = asyncio.get_running_loop().time
        while self.running:
            sample = self.sample(clock())
            if sample is not None:
                self.samples.append(sample)
            await asyncio.sleep(SAMPLE_SECONDS)


def _found(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _measure(process: psutil.Process) -> tuple[int, float, int, int] | None:
    try:
        with process.oneshot():
            times = process.cpu_times()
            return process.memory_info().rss, times.user + times.system, process.num_fds(), process.num_threads()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
