"""A connection to a foreign address is seen, and loopback is not mistaken for one."""

import pytest

from rig.programs_under_test import ENVIRONMENT, python
from rig.waiting import until
from rig.wire import connected, served
from roadworthy.rig.egress import EgressWatch
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.sockets import is_local

# A connected datagram socket sends nothing: no packet leaves this host.
REACH_OUT = """
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    out.connect(("192.0.2.1", 443))
    print("connected", flush=True)
except OSError as error:
    print("no route", flush=True)
time.sleep(600)
"""
STAY_HOME = """
import socket, sys, time
home = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("connected", flush=True)
time.sleep(600)
"""


async def test_the_first_foreign_address_is_reported_once() -> None:
    async with Guardian(deadline_seconds=60) as guardian, EgressWatch(guardian.pid) as watch:
        process = await guardian.spawn("leak", python(REACH_OUT), environment=ENVIRONMENT)
        await until(lambda: bool(process.lines()))
        if process.lines()[0].text == "no route":
            pytest.skip("this host has no route to anywhere")

        await until(watch.seen.is_set)
        watch.look()

        assert [(each.address, each.port, each.pid) for each in watch.foreign] == [("192.0.2.1", 443, process.pid)]
        assert "192.0.2.1:443" in str(watch.foreign[0])


async def test_loopback_is_no_way_out() -> None:
    async with served() as proxy, Guardian(deadline_seconds=60) as guardian, EgressWatch(guardian.pid) as watch:
        process = await guardian.spawn("home", [*python(STAY_HOME), str(proxy.port)], environment=ENVIRONMENT)
        await until(lambda: bool(process.lines()))
        async with connected(proxy):
            watch.look()

    assert watch.foreign == []
    assert watch.looks > 0


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),  # noqa: S104 - a peer nobody has
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("::ffff:8.8.8.8", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_loopback_is_local(address: str, local: bool) -> None:
    assert is_local(address) is local
