"""Every fault of the wire bites open and new connections, says so, and is mended afterwards."""

import asyncio

import pytest

from rig.waiting import until
from rig.wire import ask, connected, served, works
from roadworthy.rig.attempts import can_count
from roadworthy.rig.connection import Direction
from roadworthy.rig.faults.black_hole import BlackHole
from roadworthy.rig.faults.cut import Cut
from roadworthy.rig.faults.latency import Latency
from roadworthy.rig.faults.no_op import NoOp
from roadworthy.rig.faults.refuse import Refuse
from roadworthy.rig.faults.reset import Reset

LOST = (ConnectionError, asyncio.IncompleteReadError)


async def test_refuse_by_the_kernel_counts_each_attempt() -> None:
    if not can_count():
        pytest.skip("this host does not let us count refused attempts")
    async with served() as proxy, connected(proxy) as stream:
        await ask(stream, b"ping")
        async with Refuse().applied_to(proxy) as applied:
            with pytest.raises(LOST):
                await ask(stream, b"ping")
            for _ in range(3):
                with pytest.raises(ConnectionRefusedError):
                    await works(proxy)

            assert applied.bit() == 4
        assert applied.says() == "echo: 3 attempts to connect refused, 1 connections cut (4 affected)"
        assert await works(proxy)


async def test_refuse_without_privileges_resets_each_attempt() -> None:
    async with served() as proxy, connected(proxy) as stream:
        await ask(stream, b"ping")
        async with Refuse(by_kernel=False).applied_to(proxy) as applied:
            with pytest.raises(LOST):
                await ask(stream, b"ping")
            with pytest.raises(LOST):
                await works(proxy)

        assert applied.bit() == 2
        assert await works(proxy)


@pytest.mark.parametrize("by_kernel", [None, False])
async def test_refusal_that_nobody_met_has_not_bitten(by_kernel: bool | None) -> None:
    async with served() as proxy:
        async with Refuse(by_kernel=by_kernel).applied_to(proxy) as applied:
            await asyncio.sleep(0)

        assert applied.bit() == 0


async def test_reset_ends_open_connections_and_new_ones() -> None:
    async with served() as proxy, connected(proxy) as stream:
        await ask(stream, b"ping")
        async with Reset().applied_to(proxy) as applied:
            with pytest.raises(ConnectionResetError):
                await ask(stream, b"ping")
            with pytest.raises(LOST):
                await works(proxy)

        assert applied.bit() == 2
        assert await works(proxy)


async def test_cut_lets_so_many_bytes_pass_and_no_more() -> None:
    async with served() as proxy, connected(proxy) as (reader, writer):
        await ask((reader, writer), b"before the fault")
        async with Cut(after_bytes=5).applied_to(proxy) as applied:
            writer.write(b"0123456789")

            assert await reader.read() == b"01234"
        assert applied.bit() == 1
        assert await works(proxy)


async def test_cut_upwards_keeps_the_rest_from_the_dependency() -> None:
    async with served() as proxy, connected(proxy) as (reader, writer):
        async with Cut(after_bytes=5, direction=Direction.UP).applied_to(proxy) as applied:
            writer.write(b"0123456789")
            assert await reader.read() in (b"", b"01234")

        assert applied.bit() == 1
        assert proxy.counters.bytes_up == 5


async def test_latency_delays_and_changes_nothing() -> None:
    loop = asyncio.get_running_loop()
    async with served() as proxy, connected(proxy) as stream:
        async with Latency(seconds=0.3).applied_to(proxy) as applied:
            before = loop.time()
            assert await ask(stream, b"ping") == b"ping"
            assert loop.time() - before >= 0.3

        assert applied.bit() == 1
        assert await ask(stream, b"pong") == b"pong"


async def test_what_is_delayed_goes_on_at_once_when_the_fault_ends() -> None:
    async with served() as proxy, connected(proxy) as stream:
        async with Latency(seconds=3600).applied_to(proxy) as applied:
            asking = asyncio.create_task(ask(stream, b"ping"))
            await until(lambda: applied.bit() == 1)

        assert await asking == b"ping"


async def test_black_hole_holds_open_and_new_connections_and_loses_nothing() -> None:
    async with served() as proxy, connected(proxy) as old:
        await ask(old, b"ping")
        async with BlackHole().applied_to(proxy) as applied, connected(proxy) as new:
            asked = [asyncio.create_task(ask(old, b"old!")), asyncio.create_task(ask(new, b"new!"))]
            done, _ = await asyncio.wait(asked, timeout=0.3)

            assert not done
            assert applied.bit() == len(b"old!new!")
            assert proxy.counters.affected == 2
            assert proxy.counters.bytes_up == len(b"ping")
        # The new connection was closed by its own end; the old one goes on where it was held.
        assert await asked[0] == b"old!"
        assert await works(proxy)
        await asyncio.gather(*asked, return_exceptions=True)


async def test_server_that_goes_away_in_a_black_hole_is_not_noticed_before_its_end() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with served(leave) as proxy, BlackHole().applied_to(proxy), connected(proxy) as (reader, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.read()


async def test_fault_that_is_none_bites_nobody() -> None:
    async with served() as proxy:
        async with NoOp().applied_to(proxy) as applied:
            assert await works(proxy)

        assert applied.bit() == 0
        assert applied.says() == "nothing was broken"
