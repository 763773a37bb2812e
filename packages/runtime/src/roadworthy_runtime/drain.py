"""The way out: readiness red at once, the listener open a moment longer, work under way finished, the deadline kept."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from roadworthy_runtime.health.health import Health

_LOGGER = logging.getLogger("roadworthy.drain")
_LEAST_SECONDS_TO_CLOSE = 1.0
_IDLE_POLL_SECONDS = 0.05

Handler = Callable[[int, FrameType | None], Any] | int | None


class Drain:
    """Stands in front of the server's own signal handlers.

    On SIGTERM the server is told only after `linger_seconds`, so that whoever routes requests here has seen the red
    probe before the listener closes. `drain_seconds` after the signal, requests still under way are cancelled. A second
    signal, and SIGINT, are passed on at once.
    """

    def __init__(self, health: Health, drain_seconds: float, linger_seconds: float) -> None:
        self._health = health
        self._drain_seconds = drain_seconds
        self._linger_seconds = linger_seconds
        self.in_flight: set[asyncio.Task[Any] | None] = set()
        self.expired = False
        self._previous: dict[int, Handler] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deadline: float | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._waiting: asyncio.Task[None] | None = None

    def install(self) -> None:
        """Take the signals over from the server; call it inside the running loop, after the server installed its own."""
        self._loop = asyncio.get_running_loop()
        self._deadline, self.expired = None, False
        if threading.current_thread() is not threading.main_thread() or self._previous:
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            self._previous[number] = signal.getsignal(number)
            signal.signal(number, self._on_signal)

    def uninstall(self) -> None:
        """Give the signals back and forget the deadline."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        for number, handler in self._previous.items():
            if signal.getsignal(number) == self._on_signal:
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._previous.clear()

    def begin(self) -> None:
        """Turn readiness red and start the clock, when it does not run yet."""
        self._health.draining = True
        if self._deadline is None and self._loop is not None:
            self._deadline = self._loop.time() + self._drain_seconds
            self._timers.append(self._loop.call_later(self._drain_seconds, self._expire))
            _LOGGER.info("draining", extra={"in_flight": len(self.in_flight), "deadline_seconds": self._drain_seconds})

    def seconds_left(self) -> float:
        """How long closing the service may still take; always enough for one attempt."""
        if self._deadline is None or self._loop is None:
            return max(self._drain_seconds, _LEAST_SECONDS_TO_CLOSE)
        return max(self._deadline - self._loop.time(), _LEAST_SECONDS_TO_CLOSE)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Runs between two instructions of the main thread: set the flag, leave the rest to the loop."""
        again = self._health.draining
        self._health.draining = True
        if self._loop is None or self._loop.is_closed():
            self._forward(number)
        else:
            at_once = again or number != signal.SIGTERM
            self._loop.call_soon_threadsafe(self._begin_and_forward, number, 0.0 if at_once else self._linger_seconds)

    def _begin_and_forward(self, number: int, delay_seconds: float) -> None:
        self.begin()
        if self._loop is not None:
            self._timers.append(self._loop.call_later(delay_seconds, self._forward, number))

    def _forward(self, number: int) -> None:
        """Tell the server; where none listens, end the process the way it would have ended, after the work is done."""
        handler = self._previous.get(number)
        if callable(handler):
            handler(number, None)
        elif handler == signal.SIG_DFL and self._loop is not None and not self._loop.is_closed():
            self._waiting = self._loop.create_task(self._end_when_idle(number))
        elif handler != signal.SIG_IGN:
            _end_process(number)

    async def _end_when_idle(self, number: int) -> None:
        while self.in_flight and not self.expired:
            await asyncio.wait({each for each in self.in_flight if each}, timeout=_IDLE_POLL_SECONDS)
        _end_process(number)

    def _expire(self) -> None:
        self.expired = True
        if self.in_flight:
            _LOGGER.warning("drain deadline reached", extra={"cancelled": len(self.in_flight)})
        for task in list(self.in_flight):
            if task is not None:
                task.cancel()


def _end_process(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
