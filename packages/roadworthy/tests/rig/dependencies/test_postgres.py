"""A real PostgreSQL server: cloned databases, kept promises, nothing left behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from roadworthy.rig.dependencies import kinds, postgres
from roadworthy.rig.guardian import Guardian

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[postgres.Postgres]:
    async with Guardian(deadline_seconds=300) as guardian:
        yield await postgres.start(guardian)


async def test_kind_is_found_by_its_file() -> None:
    assert sorted(kinds()) == ["postgres", "redis"]
    assert kinds()["postgres"].find()


async def test_database_is_cloned_from_a_template_that_is_in_use(server: postgres.Postgres) -> None:
    await server.create_database("template_in_use")
    await server.query("template_in_use", "CREATE TABLE answer (id serial PRIMARY KEY, text text)")
    session = await server.connect("template_in_use")

    await server.create_database("clone", template="template_in_use")
    await server.query("clone", "INSERT INTO answer (text) VALUES ('x')")

    assert await server.query("clone", "SELECT text FROM answer") == [("x",)]
    assert await server.query("template_in_use", "SELECT text FROM answer") == []
    await session.close()


async def test_making_a_database_again_empties_it_under_its_users(server: postgres.Postgres) -> None:
    await server.create_database("again")
    await server.query("again", "CREATE TABLE t (i int)")
    session = await server.connect("again")

    await server.create_database("again")

    assert await server.query("again", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    await session.close()


async def test_acknowledged_write_survives_a_kill(server: postgres.Postgres) -> None:
    await server.create_database("durable")
    await server.query("durable", "CREATE TABLE t (i int)")
    for number in range(20):
        await server.query("durable", "INSERT INTO t VALUES (%s)", number)
    port, process = server.port, server.process

    await server.kill()
    with pytest.raises(psycopg.OperationalError):
        await server.query("durable", "SELECT 1")
    await server.start()

    assert server.port == port
    assert server.process.pid != process.pid
    assert await server.query("durable", "SELECT count(*) FROM t") == [(20,)]


async def test_stopped_server_ends_in_good_order_and_starts_again(server: postgres.Postgres) -> None:
    await server.stop()

    assert server.process.returncode == 0
    await server.start()
    assert await server.query("postgres", "SELECT 1") == [(1,)]


async def test_fingerprint_follows_the_content(server: postgres.Postgres) -> None:
    await server.create_database("content")
    await server.query("content", 'CREATE TABLE "odd name" (i int, "100%" text)')
    empty = await server.fingerprint("content")
    await server.query("content", "INSERT INTO \"odd name\" VALUES (1, 'a'), (2, 'b')")
    filled = await server.fingerprint("content")
    await server.query("content", 'UPDATE "odd name" SET i = i')

    assert empty != filled
    assert await server.fingerprint("content") == filled


async def test_search_finds_text_in_every_kind_of_column(server: postgres.Postgres) -> None:
    await server.create_database("places")
    await server.query("places", 'CREATE TABLE t (plain text, "b%" bytea, j jsonb, a text[])')
    await server.query(
        "places",
        "INSERT INTO t VALUES ('x Zoë y', %s, '{\"k\": [\"Zoë\"]}', ARRAY['Zoë'])",
        "before Zoë after".encode(),
    )

    assert await server.search("places", "Zoë") == (
        "public.t.plain (1 rows)",
        "public.t.b% (1 rows)",
        "public.t.j (1 rows)",
        "public.t.a (1 rows)",
    )
    assert await server.search("places", "nobody") == ()


async def test_password_is_needed(server: postgres.Postgres) -> None:
    url = server.url("postgres").replace("roadworthy:", "roadworthy:wrong")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        await psycopg.AsyncConnection.connect(url)


async def test_only_loopback_listens_and_no_socket_file(server: postgres.Postgres) -> None:
    assert await server.query("postgres", "SHOW listen_addresses") == [("127.0.0.1",)]
    assert await server.query("postgres", "SHOW unix_socket_directories") == [("",)]
    assert await server.query("postgres", "SHOW synchronous_commit") == [("on",)]


def creators_of_shared_memory() -> list[str]:
    table = Path("/proc/sysvipc/shm")
    if not table.exists():
        pytest.skip("this host does not list shared memory")
    return [row.split()[4] for row in table.read_text().splitlines()[1:]]


async def test_killed_run_leaves_no_shared_memory() -> None:
    async with Guardian(deadline_seconds=60, grace_seconds=0.0) as guardian:
        server = await postgres.start(guardian)
        pid = server.process.pid
        assert str(pid) in creators_of_shared_memory()

    assert str(pid) not in creators_of_shared_memory()
