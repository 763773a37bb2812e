"""Killed and frozen processes: what was started by them goes along."""

import psutil

from rig.programs_under_test import ENVIRONMENT
from rig.waiting import alive, until
from roadworthy.rig.faults.frozen import Frozen
from roadworthy.rig.faults.killed import Killed
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.process import Process


def sleepers(process: Process) -> int:
    """Count the children that have become what they were started as."""
    return sum(each.name() == "sleep" for each in process.family())


async def test_killed_process_takes_its_children_along() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("tree", ["sh", "-c", "sleep 600 & sleep 600"], environment=ENVIRONMENT)
        await until(lambda: sleepers(process) == 2)
        family = [each.pid for each in process.family()]

        async with Killed().applied_to(process) as applied:
            assert applied.bit() == 3
            assert applied.says() == "tree: 3 processes killed (SIGKILL)"

        await until(lambda: not any(alive(pid) for pid in family))


async def test_process_that_had_ended_before_was_not_killed() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("done", "true", environment=ENVIRONMENT)
        await process.wait(30)

        async with Killed().applied_to(process) as applied:
            assert applied.bit() == 0


async def test_frozen_process_stands_still_and_goes_on() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("tree", ["sh", "-c", "sleep 600 & sleep 600"], environment=ENVIRONMENT)
        await until(lambda: sleepers(process) == 2)

        async with Frozen().applied_to(process) as applied:
            await until(lambda: applied.bit() == 3)

        await until(lambda: all(each.status() != psutil.STATUS_STOPPED for each in process.family()))
        assert len(process.family()) == 3
