"""Without a fault the proxy is a wire: bytes, half-closes and resets pass as they are, and are counted."""

import asyncio
import contextlib

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.waiting import until
from rig.wire import SECONDS, ask, connected, served, works
from roadworthy.rig.connection import Connection, Direction, Link
from roadworthy.rig.faults.reset import Reset
from roadworthy.rig.ports import LOOPBACK, free_port
from roadworthy.rig.proxy import Disturbance, FaultProxy

PIECES = st.lists(
    st.binary(max_size=200) | st.binary(min_size=1, max_size=3).map(lambda each: each * 100_000), max_size=6
)


async def exchange(up: list[bytes], down: list[bytes], server_first: bool) -> tuple[bytes, bytes, FaultProxy]:
    """Send both ways at once through a proxy; return what arrived at the server and at the client."""
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def send(writer: asyncio.StreamWriter, pieces: list[bytes]) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if server_first:
            sending = asyncio.create_task(send(writer, down))
            received = await reader.read()
            await sending
        else:
            received = await reader.read()
            await send(writer, down)
        arrived.set_result(received)
        writer.close()

    async with asyncio.timeout(SECONDS), served(serve) as proxy, connected(proxy) as (reader, writer):
        sending = asyncio.create_task(send(writer, up))
        received = await reader.read()
        await sending
        return await arrived, received, proxy


@settings(max_examples=40, deadline=None)
@given(up=PIECES, down=PIECES, server_first=st.booleans())
def test_bytes_pass_unchanged_both_ways_and_half_closed(up: list[bytes], down: list[bytes], server_first: bool) -> None:
    at_server, at_client, proxy = asyncio.run(exchange(up, down, server_first))

    assert at_server == b"".join(up)
    assert at_client == b"".join(down)
    assert (proxy.counters.bytes_up, proxy.counters.bytes_down) == (len(at_server), len(at_client))
    assert proxy.counters.accepted == 1
    assert proxy.counters.affected == 0


async def test_reset_by_the_server_reaches_the_client_as_a_reset() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(4)
        Link(reader, writer).reset()

    async with served(serve) as proxy, connected(proxy) as stream:
        with pytest.raises(ConnectionResetError):
            await ask(stream, b"ping")


async def test_reset_by_the_client_reaches_the_server_as_a_reset() -> None:
    raised: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        except ConnectionError as error:
            raised.set_result(error)
        writer.close()

    async with served(serve) as proxy:
        reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
        await until(lambda: any(each.server for each in proxy.connections.values()))
        Link(reader, writer).reset()

        async with asyncio.timeout(SECONDS):
            assert isinstance(await raised, ConnectionResetError)


async def test_unreachable_dependency_is_counted_and_the_client_is_not_left_waiting() -> None:
    async with FaultProxy("nobody", free_port()) as proxy, connected(proxy) as stream:
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(stream, b"ping")

        assert proxy.counters.unreachable == 1


async def test_leaving_ends_connections_and_frees_the_port() -> None:
    async with served() as proxy:
        async with connected(proxy) as stream:
            await ask(stream, b"ping")
            await proxy.__aexit__(None, None, None)

            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await ask(stream, b"ping")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(LOOPBACK, proxy.port)


async def test_many_connections_at_once_are_all_served_and_none_stays_open() -> None:
    async with served() as proxy:
        open_before = psutil.Process().num_fds()

        assert all(await asyncio.gather(*(works(proxy) for _ in range(200))))

        assert proxy.counters.accepted == 200
        await until(lambda: psutil.Process().num_fds() <= open_before)


async def test_two_faults_at_once_are_refused() -> None:
    async with served() as proxy, Reset().applied_to(proxy):
        with pytest.raises(ValueError, match="two faults on one proxy"):
            async with contextlib.AsyncExitStack() as stack:
                await stack.enter_async_context(Reset().applied_to(proxy))


async def test_a_defect_of_a_fault_is_raised_and_not_taken_for_the_end_of_a_connection() -> None:
    async def carry(connection: Connection, direction: Direction, data: bytes) -> bytes:
        raise ZeroDivisionError

    async def body() -> None:
        async with served() as proxy, proxy.disturbed(Disturbance(carry=carry)), connected(proxy) as stream:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await ask(stream, b"ping")

    with pytest.raises(ZeroDivisionError):
        await body()
