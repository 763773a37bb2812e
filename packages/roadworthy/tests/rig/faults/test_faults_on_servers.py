"""The faults, as the drivers of real servers meet them: PostgreSQL and Valkey behind the proxy."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
import pytest
import pytest_asyncio
from redis.exceptions import RedisError

from roadworthy.rig.dependencies import postgres, redis
from roadworthy.rig.faults.black_hole import BlackHole
from roadworthy.rig.faults.cut import Cut
from roadworthy.rig.faults.frozen import Frozen
from roadworthy.rig.faults.killed import Killed
from roadworthy.rig.faults.latency import Latency
from roadworthy.rig.faults.refuse import Refuse
from roadworthy.rig.faults.reset import Reset
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.proxy import FaultProxy

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECONDS = 30.0
FAILURES = (psycopg.Error, RedisError, OSError)


@dataclass(frozen=True)
class Postgres:
    """A database and the way to ask it."""

    server: postgres.Postgres
    proxy: FaultProxy

    async def ask(self) -> object:
        async with await self.server.connect("subject", port=self.proxy.port) as session:
            cursor = await session.execute("SELECT 'ok'")
            return (await cursor.fetchall())[0][0]


@dataclass(frozen=True)
class Redis:
    """A cache and the way to ask it."""

    server: redis.Redis
    proxy: FaultProxy

    async def ask(self) -> object:
        async with self.server.connect("subject", port=self.proxy.port) as session:
            return "ok" if await session.ping() else None


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def guardian() -> AsyncIterator[Guardian]:
    async with Guardian(deadline_seconds=300) as guardian:
        yield guardian


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["postgres", "redis"])
async def dependency(request: pytest.FixtureRequest, guardian: Guardian) -> AsyncIterator[Postgres | Redis]:
    if request.param == "postgres":
        database = await postgres.start(guardian)
        await database.create_database("subject")
        async with FaultProxy("postgres", database.port) as proxy:
            yield Postgres(database, proxy)
    else:
        cache = await redis.start(guardian)
        await cache.create_database("subject")
        async with FaultProxy("redis", cache.port) as proxy:
            yield Redis(cache, proxy)


@pytest.mark.parametrize("fault", [Refuse(), Refuse(by_kernel=False), Reset(), Cut(after_bytes=1)], ids=str)
async def test_driver_fails_while_broken_and_works_again(dependency: Postgres | Redis, fault: Refuse) -> None:
    assert await dependency.ask() == "ok"
    async with fault.applied_to(dependency.proxy) as applied:
        with pytest.raises(FAILURES):
            await dependency.ask()

    assert applied.bit() > 0
    assert await dependency.ask() == "ok"


async def test_driver_waits_in_a_black_hole_and_is_answered_after_it(dependency: Postgres | Redis) -> None:
    async with BlackHole().applied_to(dependency.proxy) as applied:
        asking = asyncio.create_task(dependency.ask())
        done, _ = await asyncio.wait([asking], timeout=0.5)
        assert not done
        assert applied.bit() > 0

    async with asyncio.timeout(SECONDS):
        assert await asking == "ok"


async def test_driver_is_slowed_by_latency(dependency: Postgres | Redis) -> None:
    loop = asyncio.get_running_loop()
    async with Latency(seconds=0.1).applied_to(dependency.proxy) as applied:
        before = loop.time()
        assert await dependency.ask() == "ok"
        assert loop.time() - before >= 0.1

    assert applied.bit() > 0


async def test_frozen_server_leaves_the_driver_waiting_and_answers_afterwards(dependency: Postgres | Redis) -> None:
    async with Frozen().applied_to(dependency.server.process) as applied:
        asking = asyncio.create_task(dependency.ask())
        done, _ = await asyncio.wait([asking], timeout=0.5)
        assert not done
        assert applied.bit() > 0

    async with asyncio.timeout(SECONDS):
        assert await asking == "ok"


async def test_killed_server_comes_back_on_the_same_port(dependency: Postgres | Redis) -> None:
    unreachable = dependency.proxy.counters.unreachable
    async with Killed().applied_to(dependency.server.process) as applied:
        assert applied.bit() > 0
        with pytest.raises(FAILURES):
            await dependency.ask()
        assert dependency.proxy.counters.unreachable > unreachable

    await dependency.server.start()
    assert await dependency.ask() == "ok"
