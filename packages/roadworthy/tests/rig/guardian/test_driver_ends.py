"""However the driver ends, at whatever moment, nothing of the run is left: no process, no port, no file."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rig.waiting import until

DRIVER = Path(__file__).with_name("driver_program.py")


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of its own, which other users may pass through."""
    with tempfile.TemporaryDirectory(prefix="driver-ends-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def belongs(process: psutil.Process, folder: Path) -> bool:
    """Say whether a process works in the folder, or was told of it."""
    try:
        told = [process.cwd(), *process.cmdline(), *process.environ().values()]
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False
    return any(str(folder) in each for each in told)


def of_run(folder: Path) -> list[int]:
    """Return the living processes of the run, without those of the test itself."""
    return [each.pid for each in psutil.process_iter() if each.pid != os.getpid() and belongs(each, folder)]


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def started(temporary: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(DRIVER),
        env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def ended(driver: asyncio.subprocess.Process, temporary: Path) -> list[int]:
    """Wait until nothing of the run lives; return the ports the driver had told."""
    assert driver.stdout is not None
    told = await driver.stdout.read()
    await driver.wait()
    await until(lambda: not of_run(temporary))
    return [int(port) for line in told.splitlines() for port in json.loads(line).get("ports", [])]


@pytest.mark.parametrize("number", range(10))
async def test_driver_killed_at_a_random_moment_leaves_nothing(temporary: Path, number: int) -> None:
    moment = random.Random(number).uniform(0.0, 2.5)  # noqa: S311 - the seed is the test's name
    driver = await started(temporary)
    await asyncio.sleep(moment)
    driver.kill()

    ports = await ended(driver, temporary)

    assert not [port for port in ports if listens(port)]
    assert files_in(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_driver_ended_while_everything_runs_leaves_nothing(temporary: Path, number: int) -> None:
    driver = await started(temporary)
    assert driver.stdout is not None
    line = await driver.stdout.readline()
    while "ready" not in json.loads(line):
        line = await driver.stdout.readline()
    ports = json.loads(line)["ports"]
    assert all(listens(port) for port in ports)
    assert len(of_run(temporary)) >= 6

    driver.send_signal(number)
    await ended(driver, temporary)

    assert not [port for port in ports if listens(port)]
    assert files_in(temporary) == []
