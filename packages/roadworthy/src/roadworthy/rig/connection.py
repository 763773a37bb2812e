"""One connection through the proxy: two half-pipes, each closed, or reset, as its other end was."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from enum import StrEnum

PIECE_BYTES = 2**18
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Direction(StrEnum):
    """Which way data goes: `up` is towards the dependency, `down` towards the subject."""

    UP = "up"
    DOWN = "down"


class Link:
    """One end of a connection: a stream that can be read, written, half-closed and reset."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Wrap an open stream."""
        self.reader = reader
        self.writer = writer
        writer.transport.set_write_buffer_limits(high=PIECE_BYTES)

    def reset(self) -> None:
        """Close at once so that the peer sees a reset, whatever is still under way."""
        own = self.writer.get_extra_info("socket")
        if own is not None:
            with contextlib.suppress(OSError):
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.writer.transport.abort()

    def close(self) -> None:
        """Close after what was written has gone."""
        self.writer.close()


class Connection:
    """A client's connection and, once there is one, the connection to the dependency behind it."""

    def __init__(self, number: int, client: Link) -> None:
        """Take over a connection that was just accepted."""
        self.number = number
        self.client = client
        self.server: Link | None = None
        self.forwarded = {Direction.UP: 0, Direction.DOWN: 0}
        self._over = asyncio.Event()

    def reset(self) -> None:
        """Reset both sides, now."""
        for link in (self.client, self.server):
            if link is not None:
                link.reset()
        self._over.set()

    def cut(self) -> None:
        """Close both sides in an orderly way, wherever the conversation is."""
        for link in (self.client, self.server):
            if link is not None:
                link.close()
        self._over.set()

    async def forward(self, server: Link, through: "Filter") -> None:
        """Carry data both ways, each piece through the filter, until both directions are closed.

        Raise what the filter raises, apart from OSError, which is the end of the connection.
        """
        self.server = server
        pumps: set[asyncio.Task[object]] = {
            asyncio.create_task(self._pump(Direction.UP, self.client, server, through)),
            asyncio.create_task(self._pump(Direction.DOWN, server, self.client, through)),
        }
        over: asyncio.Task[object] = asyncio.create_task(self._over.wait())
        try:
            while pumps and not over.done():
                done, _ = await asyncio.wait({*pumps, over}, return_when=asyncio.FIRST_COMPLETED)
                pumps -= done
                for pump in done - {over}:
                    pump.result()  # what a pump does not expect is a defect, not the end of a connection
        finally:
            for task in (*pumps, over):
                task.cancel()
            await asyncio.gather(*pumps, over, return_exceptions=True)

    async def _pump(self, direction: Direction, source: Link, sink: Link, through: "Filter") -> None:
        """Carry one direction; its end and its reset go through the filter too, as an empty piece."""
        try:
            while True:
                data = await source.reader.read(PIECE_BYTES)
                passed = await through(self, direction, data)
                if self._over.is_set():
                    return
                if not data:
                    break
                sink.writer.write(passed)
                await sink.writer.drain()
                self.forwarded[direction] += len(passed)
            if sink.writer.can_write_eof():
                sink.writer.write_eof()
        except OSError:
            await through(self, direction, b"")
            self.reset()


Filter = Callable[[Connection, Direction, bytes], Awaitable[bytes]]
