"""A loopback server and clients, for the proxy's tests: plain sockets, no protocol."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from roadworthy.rig.ports import LOOPBACK
from roadworthy.rig.proxy import FaultProxy

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SECONDS = 30.0


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes, until the client is done."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def served(serve: Serve = echo) -> AsyncIterator[FaultProxy]:
    """Yield a proxy in front of a server that treats each connection so."""
    server = await asyncio.start_server(serve, LOOPBACK, 0)
    try:
        async with FaultProxy("echo", server.sockets[0].getsockname()[1]) as proxy:
            yield proxy
    finally:
        server.close()


@asynccontextmanager
async def connected(proxy: FaultProxy) -> AsyncIterator[Stream]:
    """Yield a connection through the proxy."""
    reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def ask(stream: Stream, data: bytes) -> bytes:
    """Send, and read as much again; raise what the connection raises."""
    reader, writer = stream
    writer.write(data)
    async with asyncio.timeout(SECONDS):
        return await reader.readexactly(len(data))


async def works(proxy: FaultProxy) -> bool:
    """Say whether a fresh connection is answered."""
    async with connected(proxy) as stream:
        return await ask(stream, b"ping") == b"ping"
