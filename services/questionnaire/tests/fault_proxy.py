"""A TCP proxy in front of the database that can go silent or refuse."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any


class FaultProxy:
    """Forwards to one port until it is told to break; lives in its own thread and loop."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.bytes_swallowed = 0
        self._target_port = target_port
        self._silent = False
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._call(self._listen())

    def go_silent(self) -> None:
        """Keep every connection open, accept new ones, and pass nothing on."""
        self._silent = True

    def refuse(self) -> None:
        """Cut every connection and refuse new ones."""
        self._call(self._cut())

    def mend(self) -> None:
        """Work again; connections that went silent stay dead."""
        self._silent = False
        if self._server is None:
            self._call(self._listen())

    def close(self) -> None:
        """End the proxy and its thread."""
        self._call(self._cut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for pipe in list(self._pipes):
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pipes.add(task)
        writers = [writer]
        try:
            if self._silent:
                await self._swallow(reader)
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
            writers.append(far_writer)
            await self._first(self._pipe(reader, far_writer), self._pipe(far_reader, writer))
        except (OSError, asyncio.CancelledError):
            return
        finally:
            self._pipes.discard(task)
            for each in writers:
                each.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._silent:
                self.bytes_swallowed += len(data)
                await self._swallow(reader)
                return
            writer.write(data)
            with contextlib.suppress(OSError):
                await writer.drain()

    async def _swallow(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            self.bytes_swallowed += len(data)

    async def _first(self, *coroutines: Awaitable[None]) -> None:
        tasks = [asyncio.ensure_future(each) for each in coroutines]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


Fault = Callable[[FaultProxy], None]
