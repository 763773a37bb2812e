"""The host says what it allows, and how to get the rest."""

import asyncio

from roadworthy.rig.delay import HostDelay
from roadworthy.rig.host import allowances


def test_every_allowance_has_a_finding_and_what_is_missing_a_cure() -> None:
    told = {each.name: each for each in allowances()}

    assert {"unprivileged user", "postgres", "redis", "promtool", "chromium", "disk"} <= set(told)
    assert all(each.found for each in told.values())
    assert all(each.how_to_get for each in told.values() if not each.present)
    assert told["postgres"].present
    assert told["redis"].present


async def test_delay_of_the_host_is_measured_while_inside() -> None:
    async with HostDelay() as delay:
        await asyncio.sleep(0.2)

    assert delay.delays_seconds
    assert 0 <= delay.percentile_seconds(50) <= delay.worst_seconds


async def test_a_blocked_driver_shows_as_delay() -> None:
    import time

    async with HostDelay() as delay:
        await asyncio.sleep(0.02)
        time.sleep(0.3)  # noqa: ASYNC251 - this is the disturbance
        await asyncio.sleep(0.02)

    assert delay.worst_seconds >= 0.2


def test_a_delay_that_was_not_measured_is_none() -> None:
    assert HostDelay().worst_seconds == 0
    assert HostDelay().percentile_seconds(99) == 0
