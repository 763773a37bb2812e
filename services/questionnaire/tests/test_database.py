"""The pool at its limits, on a real database."""

import asyncio

import pytest
from roadworthy_runtime import Problem

from questionnaire.database import Database


async def test_a_busy_pool_that_answered_a_moment_ago_is_well(database_url: str) -> None:
    database = Database(database_url, size=1)
    await database.open()
    try:
        await database.probe()
        async with database.transaction():
            await database.probe()
    finally:
        await database.close()


async def test_a_busy_pool_that_has_not_answered_for_long_is_not_well(database_url: str) -> None:
    database = Database(database_url, size=1)
    await database.open()
    try:
        async with database.transaction(seconds=5):
            with pytest.raises(Problem):
                await database.probe()
    finally:
        await database.close()


async def test_a_statement_that_never_ends_is_given_up(database_url: str) -> None:
    database = Database(database_url, size=1)
    await database.open()
    try:
        with pytest.raises(Problem) as raised:
            async with database.transaction(seconds=0.2) as link:
                await (await link.execute("SELECT pg_sleep(60)")).fetchone()
        async with database.transaction() as link:
            assert await link.only("SELECT 1 AS one") == {"one": 1}
    finally:
        await database.close()

    assert raised.value.status_code == 503


async def test_more_callers_than_connections_all_get_an_answer(database_url: str) -> None:
    database = Database(database_url, size=2)
    await database.open()

    async def ask(number: int) -> int:
        async with database.transaction() as link:
            return int((await link.only("SELECT %s::int AS number", (number,)))["number"])

    try:
        answers = await asyncio.gather(*(ask(number) for number in range(40)))
    finally:
        await database.close()

    assert answers == list(range(40))
