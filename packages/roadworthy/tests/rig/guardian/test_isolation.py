"""A run with a network of its own has loopback, and no way out."""

import socket
from pathlib import Path

import pytest

from rig.programs_under_test import ENVIRONMENT, python
from roadworthy.rig.dependencies import postgres
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.proxy import FaultProxy

REACH_OUT = """
import socket
try:
    socket.create_connection(("192.0.2.1", 443), timeout=30)
except OSError as error:
    print(error)
"""


def network() -> str:
    return str(Path("/proc/thread-self/ns/net").readlink())


async def test_nobody_of_the_run_reaches_a_foreign_address() -> None:
    async with Guardian(deadline_seconds=60, isolated=True) as guardian:
        if not guardian.isolated:
            pytest.skip("this host gives no network of its own")
        process = await guardian.spawn("leak", python(REACH_OUT), environment=ENVIRONMENT)

        assert await process.wait(30) == 0
        assert [line.text for line in process.lines()] == ["[Errno 101] Network is unreachable"]


async def test_servers_and_proxies_meet_inside_and_not_outside() -> None:
    before = network()
    async with Guardian(deadline_seconds=60, isolated=True) as guardian:
        if not guardian.isolated:
            pytest.skip("this host gives no network of its own")
        database = await postgres.start(guardian)
        async with (
            FaultProxy("postgres", database.port) as proxy,
            await database.connect("postgres", port=proxy.port) as session,
        ):
            await session.execute("SELECT 1")
        assert network() != before

    assert network() == before
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", database.port)) != 0
