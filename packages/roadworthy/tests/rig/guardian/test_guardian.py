"""The guardian starts processes, passes on what they say, and leaves nothing behind."""

import asyncio
import os
import signal
import stat
import time

import pytest

from rig.programs_under_test import DEAF, ENVIRONMENT, ESCAPE, python
from rig.waiting import alive, until
from roadworthy.model.error import RoadworthyError
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.limits import Limits
from roadworthy.rig.process import Process


async def escaped_pid(process: Process) -> int:
    await until(lambda: any(line.text.startswith("escaped") for line in process.lines()))
    return int(next(line.text for line in process.lines() if line.text.startswith("escaped")).split()[1])


async def test_output_and_exit_code_are_told_in_order() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("talk", "echo one; echo two >&2; printf three; exit 3", environment=ENVIRONMENT)

        assert await process.wait(30) == 3
        assert sorted((line.stream, line.text) for line in process.lines()) == [
            ("stderr", "two"),
            ("stdout", "one"),
            ("stdout", "three"),
        ]
        assert all(process.started <= line.at <= (process.ended or 0) for line in process.lines())
        assert process.lines(since=time.monotonic()) == []


async def test_process_has_exactly_the_given_environment() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("env", ["/usr/bin/env"], environment={"ONLY": "this"})
        await process.wait(30)

        assert [line.text for line in process.lines()] == ["ONLY=this"]


async def test_unknown_program_is_said_in_one_line() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        with pytest.raises(RoadworthyError, match=r"api: cannot start 'no-such-program': no such program or folder"):
            await guardian.spawn("api", "no-such-program --port 1", environment=ENVIRONMENT)


async def test_plain_command_line_gets_the_signals_itself() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("sleep", "sleep 600", environment=ENVIRONMENT)

        assert await process.wait(0.05) is None
        assert await process.stop() == -signal.SIGTERM


async def test_stop_kills_a_process_that_ignores_the_request() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("deaf", python(DEAF), environment=ENVIRONMENT)
        await until(lambda: bool(process.lines()))

        assert await process.stop(grace_seconds=0.1) == -signal.SIGKILL


async def test_signal_to_the_whole_reaches_what_left_the_session() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("tree", ["sh", "-c", "setsid sleep 600 & sleep 600"], environment=ENVIRONMENT)
        await until(lambda: len(process.family()) == 3)
        family = [each.pid for each in process.family()]

        assert await process.signal(signal.SIGKILL, whole=True) == 3
        await until(lambda: not any(alive(pid) for pid in family))


async def test_leaving_ends_what_escaped_and_removes_the_area() -> None:
    async with Guardian(deadline_seconds=60, grace_seconds=0.2) as guardian:
        process = await guardian.spawn("escape", python(ESCAPE), environment=ENVIRONMENT)
        escaped = await escaped_pid(process)
        locked = guardian.area / "locked"
        (locked / "deep").mkdir(parents=True)
        (locked / "deep" / "file").write_text("x")
        locked.chmod(0)

    assert not alive(escaped)
    assert not alive(process.pid)
    assert not guardian.area.exists()
    assert guardian.left == []


async def test_frozen_process_does_not_outlive_the_run() -> None:
    async with Guardian(deadline_seconds=60, grace_seconds=0.2) as guardian:
        process = await guardian.spawn("sleep", "sleep 600", environment=ENVIRONMENT)
        await process.signal(signal.SIGSTOP, whole=True)

    assert not alive(process.pid)


async def test_deadline_ends_the_run_and_interrupts_its_body() -> None:
    guardian = Guardian(deadline_seconds=0.5, grace_seconds=0.2)
    started: list[Process] = []

    async def body() -> None:
        async with guardian:
            started.append(await guardian.spawn("deaf", python(DEAF), environment=ENVIRONMENT))
            await asyncio.sleep(600)

    with pytest.raises(RoadworthyError, match=r"the run was ended: the run passed its deadline of 0\.5 s"):
        await body()

    assert not alive(started[0].pid)
    assert not guardian.area.exists()


async def test_an_error_of_the_body_is_the_one_that_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        async with Guardian(deadline_seconds=60) as guardian:
            raise ZeroDivisionError

    assert not guardian.area.exists()


async def test_killed_guardian_takes_its_children_along_and_the_driver_tidies_up() -> None:
    guardian = Guardian(deadline_seconds=60)
    started: list[Process] = []

    async def body() -> None:
        async with guardian:
            started.append(await guardian.spawn("sleep", "sleep 600", environment=ENVIRONMENT))
            os.kill(guardian.pid, signal.SIGKILL)
            await asyncio.sleep(600)

    with pytest.raises(RoadworthyError, match="the run was ended"):
        await body()

    await until(lambda: not alive(started[0].pid))
    assert not guardian.area.exists()


async def test_area_is_closed_to_strangers() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        assert not stat.S_IMODE(guardian.area.stat().st_mode) & stat.S_IRWXO


async def test_two_runs_do_not_touch_one_another() -> None:
    async with Guardian(deadline_seconds=60) as first:
        sleeper = await first.spawn("sleep", "sleep 600", environment=ENVIRONMENT)
        async with Guardian(deadline_seconds=60, grace_seconds=0.2) as second:
            await second.spawn("sleep", "sleep 600", environment=ENVIRONMENT)
            assert first.area != second.area

        assert sleeper.running
        assert alive(sleeper.pid)
        assert first.area.exists()


async def test_limits_hold_for_the_process() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn(
            "limits", "ulimit -n; true", environment=ENVIRONMENT, limits=Limits(open_files=64)
        )
        await process.wait(30)

        assert [line.text for line in process.lines()] == ["64"]


async def test_use_is_sampled_over_the_whole_tree() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("tree", ["sh", "-c", "sleep 600 & sleep 600"], environment=ENVIRONMENT)
        await until(lambda: len(process.family()) == 3)

        sample = process.sample(time.monotonic())

        assert sample is not None
        assert sample.threads == 3
        assert sample.rss_bytes > 0
        assert sample.open_descriptors > 0


async def test_a_flood_of_output_stops_neither_the_process_nor_the_run() -> None:
    async with Guardian(deadline_seconds=120) as guardian:
        process = await guardian.spawn(
            "flood", python("for i in range(200000): print(i, 'x' * 100)"), environment=ENVIRONMENT
        )

        assert await process.wait(90) == 0
        assert process.lines()[-1].text.startswith("199999 ") or process.dropped_lines


async def test_program_that_is_still_being_written_is_started_once_it_is_closed() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        program = guardian.area / "program"
        writer = program.open("wb")
        writer.write(b"#!/bin/sh\necho started\n")
        writer.flush()
        program.chmod(0o755)
        asyncio.get_running_loop().call_later(0.3, writer.close)

        process = await guardian.spawn("late", [str(program)], environment=ENVIRONMENT)

        assert await process.wait(30) == 0
        assert [line.text for line in process.lines()] == ["started"]
