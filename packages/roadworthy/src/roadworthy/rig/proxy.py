"""The wire to a dependency: a TCP proxy on loopback that forwards byte for byte, counts, and can be disturbed.

Without a disturbance it is transparent: half-closed connections stay half-closed, a reset is passed on as a reset.
A fault (`rig/faults`) sets a disturbance while it is applied: it decides on every connection and every piece of data.
"""

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self

from roadworthy.rig.connection import Connection, Direction, Filter, Link
from roadworthy.rig.ports import LOOPBACK, bound_socket

BACKLOG = 512
RETRY_SECONDS = 0.05

Count = Literal["refused", "reset", "cut", "delayed", "held_bytes"]


@dataclass(slots=True)
class Counters:
    """What went over the wire since the proxy was opened, and what faults did to it.

    `unreachable`: the dependency itself did not accept; `affected`: distinct connections (or refused attempts) a
    fault touched; `held_bytes`: bytes that arrived while a black hole held them back.
    """

    accepted: int = 0
    unreachable: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    refused: int = 0
    reset: int = 0
    cut: int = 0
    delayed: int = 0
    held_bytes: int = 0
    affected: int = 0

    def since(self, before: "Counters") -> "Counters":
        """Return what was counted after `before`."""
        return Counters(*(getattr(self, name) - getattr(before, name) for name in Counters.__slots__))


async def _admit(_: Connection) -> bool:
    return True


async def _carry(_: Connection, __: Direction, data: bytes) -> bytes:
    return data


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What a fault does: `admit` says whether a new connection is forwarded, `carry` gives what passes of a piece.

    An empty piece is the end of a direction. `mended` is set when the fault is over.
    """

    admit: Callable[[Connection], Awaitable[bool]] = _admit
    carry: Filter = _carry
    mended: asyncio.Event = field(default_factory=asyncio.Event)


class FaultProxy:
    """A proxy in front of one loopback port, as an async context manager."""

    def __init__(self, name: str, target_port: int) -> None:
        """Reserve a port; connections are accepted from `async with` on."""
        self.name = name
        self.target_port = target_port
        self.connections: dict[int, Connection] = {}
        self._counters = Counters()
        self._touched: set[int] = set()
        self._listener = bound_socket()
        self.port = int(self._listener.getsockname()[1])
        self._numbers = itertools.count(1)
        self._disturbance: Disturbance | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []

    async def __aenter__(self) -> Self:
        """Begin to accept."""
        self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop accepting and reset what is still connected; raise what went wrong in the proxy itself."""
        await self._stop_listening()
        for connection in list(self.connections.values()):
            connection.reset()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        if self._failures and error is None:
            raise self._failures[0]

    @property
    def counters(self) -> Counters:
        """A copy of the counters at this moment."""
        live = list(self.connections.values())
        return replace(
            self._counters,
            bytes_up=self._counters.bytes_up + sum(each.forwarded[Direction.UP] for each in live),
            bytes_down=self._counters.bytes_down + sum(each.forwarded[Direction.DOWN] for each in live),
        )

    def open(self) -> None:
        """Accept connections."""
        if self._accepting is None:
            if self._listener.fileno() < 0:
                self._listener = bound_socket(self.port)
            self._listener.listen(BACKLOG)
            self._accepting = asyncio.create_task(self._accept())

    async def refuse(self) -> None:
        """Let the kernel refuse new connections; the port stays ours."""
        await self._stop_listening()
        self._listener = bound_socket(self.port)

    @contextlib.asynccontextmanager
    async def disturbed(self, disturbance: Disturbance) -> AsyncIterator[None]:
        """Apply a disturbance to all connections, present and new; raise ValueError when there is one already."""
        if self._disturbance is not None:
            raise ValueError(f"{self.name}: two faults on one proxy at once")
        self._touched.clear()
        self._disturbance = disturbance
        try:
            yield
        finally:
            self._disturbance = None
            disturbance.mended.set()

    def count(self, what: Count, connection: Connection | None, amount: int = 1) -> None:
        """Count what a fault did to a connection, or to an attempt that never became one."""
        setattr(self._counters, what, getattr(self._counters, what) + amount)
        if connection is None:
            self._counters.affected += amount
        elif connection.number not in self._touched:
            self._touched.add(connection.number)
            self._counters.affected += 1

    async def _stop_listening(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
            await asyncio.gather(self._accepting, return_exceptions=True)
            self._accepting = None
        self._listener.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(self._listener)
            except ConnectionError:
                continue
            except OSError as error:  # out of descriptors or memory: ours to answer for, not the subject's
                self._failures.append(error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            task = asyncio.create_task(self._serve(accepted))
            self._serving.add(task)
            task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failures.append(error)

    async def _serve(self, accepted: socket.socket) -> None:
        client = Link(*await asyncio.open_connection(sock=accepted))
        connection = Connection(next(self._numbers), client)
        self.connections[connection.number] = connection
        self._counters.accepted += 1
        try:
            if self._disturbance is not None and not await self._disturbance.admit(connection):
                return
            try:
                server = Link(*await asyncio.open_connection(LOOPBACK, self.target_port))
            except OSError:
                self._counters.unreachable += 1
                connection.reset()
                return
            await connection.forward(server, self._carry)
            connection.cut()
        except BaseException:
            connection.reset()
            raise
        finally:
            del self.connections[connection.number]
            self._counters.bytes_up += connection.forwarded[Direction.UP]
            self._counters.bytes_down += connection.forwarded[Direction.DOWN]

    async def _carry(self, connection: Connection, direction: Direction, data: bytes) -> bytes:
        disturbance = self._disturbance
        return data if disturbance is None else await disturbance.carry(connection, direction, data)
