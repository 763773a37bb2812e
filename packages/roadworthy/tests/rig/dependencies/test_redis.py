"""A real Valkey or Redis server: numbered databases, kept or forgotten on request."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import redis.asyncio as client
from redis.exceptions import AuthenticationError, RedisError

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.dependencies import redis
from roadworthy.rig.guardian import Guardian

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def guardian() -> AsyncIterator[Guardian]:
    async with Guardian(deadline_seconds=300) as guardian:
        yield guardian


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server(guardian: Guardian) -> redis.Redis:
    return await redis.start(guardian)


async def test_databases_are_apart_and_can_be_copied(server: redis.Redis) -> None:
    await server.create_database("first")
    await server.query("first", "SET", "key", "value")
    await server.create_database("copy", template="first")
    await server.create_database("empty")

    assert await server.query("copy", "GET", "key") == b"value"
    assert await server.query("empty", "GET", "key") is None
    assert await server.fingerprint("copy") == await server.fingerprint("first")
    assert await server.fingerprint("empty") != await server.fingerprint("first")


async def test_acknowledged_write_survives_a_kill(server: redis.Redis) -> None:
    await server.create_database("durable")
    await server.query("durable", "SET", "key", "value")

    await server.kill()
    with pytest.raises(RedisError):
        await server.query("durable", "PING")
    await server.start()

    assert await server.query("durable", "GET", "key") == b"value"


async def test_server_that_keeps_nothing_is_empty_after_a_kill(guardian: Guardian) -> None:
    server = await redis.start(guardian, keeps=False)
    await server.create_database("cache")
    await server.query("cache", "SET", "key", "value")

    await server.kill()
    await server.start()

    assert await server.query("cache", "GET", "key") is None


async def test_search_finds_text_in_every_kind_of_value(server: redis.Redis) -> None:
    await server.create_database("places")
    for words in (
        ("SET", "string", "x Zoë"),
        ("HSET", "hash", "field", "Zoë"),
        ("RPUSH", "list", "a", "Zoë"),
        ("SADD", "set", "Zoë"),
        ("ZADD", "sorted", 1, "Zoë"),
        ("XADD", "stream", "*", "field", "Zoë"),
        ("SET", "name Zoë", "x"),
        ("SET", "other", "x"),
    ):
        await server.query("places", *words)

    assert await server.search("places", "Zoë") == ("hash", "list", "name Zoë", "set", "sorted", "stream", "string")


async def test_a_seventeenth_database_is_refused_and_a_dropped_one_is_free_again(guardian: Guardian) -> None:
    server = await redis.start(guardian, keeps=False)
    for number in range(16):
        await server.create_database(f"number-{number}")

    with pytest.raises(RoadworthyError, match="has 16 databases"):
        await server.create_database("one too many")
    await server.drop_database("number-3")
    await server.create_database("in its place")


async def test_unknown_database_is_named(server: redis.Redis) -> None:
    with pytest.raises(RoadworthyError, match="database 'never' was not made"):
        server.url("never")


async def test_password_is_needed(server: redis.Redis) -> None:
    await server.create_database("closed")
    scheme, _, place = server.url("closed").partition("://:")

    async with client.Redis.from_url(f"{scheme}://{place.partition('@')[2]}") as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.echo("let me in")
