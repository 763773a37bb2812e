"""Kill the driver of a road test with SIGKILL, and look for what it left: processes, listening ports, files."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

LEAVE_SECONDS = 25.0
LOOK_SECONDS = 0.1
LONGEST_SECONDS = 40.0
RUNS = ".roadworthy"
SHARED_MEMORY = Path("/proc/sysvipc/shm")


@dataclass(frozen=True, slots=True)
class Left:
    """What is still there some time after the driver was killed; `ended` processes and ports were there before."""

    after_seconds: float
    ended: int
    processes: tuple[str, ...]
    ports: tuple[int, ...]
    files: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something."""
        return bool(self.processes or self.ports or self.files)

    def __str__(self) -> str:
        """Name it."""
        return f"processes {list(self.processes)}, ports {list(self.ports)}, files {list(self.files)}"


def killed_at_random_moments(root: Path, times: int, random: Random) -> list[Left]:
    """Drive `root` so many times, kill the driver each time at a random moment, and return what was left."""
    return [killed(root, random.uniform(0.3, LONGEST_SECONDS), number) for number in range(times)]


def killed(root: Path, after_seconds: float, seed: int) -> Left:
    """Start a road test in a temporary folder of its own, kill it, wait for its guardian to end, and look."""
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the unprivileged user of the servers must be able to reach the work area in it
        before = files_of(root)
        driver = subprocess.Popen(
            [sys.executable, "-m", "roadworthy", "drive", str(root), "--seed", str(seed)],
            env={"PATH": "/usr/bin:/bin", "TMPDIR": name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            driver.wait(after_seconds)
        family = below(driver.pid)
        ports = {port for process in family for port in listening(process)}
        driver.send_signal(signal.SIGKILL)
        driver.wait()
        alive = remaining(family, folder)
        until = time.monotonic() + LEAVE_SECONDS
        while (alive or any(folder.iterdir())) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
            alive = remaining(family, folder)
        files = [path.name for path in folder.iterdir()] + sorted(files_of(root) - before)
        segments = shared_memory({process.pid for process in family})
        found = Left(
            after_seconds,
            len(family) + len(ports),
            tuple(alive),
            tuple(sorted(port for port in ports if is_open(port))),
            tuple(files + segments),
        )
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return found


def below(pid: int) -> list[psutil.Process]:
    """Return every descendant of a process."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def remaining(family: list[psutil.Process], folder: Path) -> list[str]:
    """Return the processes that still run: of the family, and any that works in the folder."""
    alive = {process.pid: process for process in family if process.is_running() and running(process)}
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder) or str(folder) in " ".join(process.cmdline()):
                alive[process.pid] = process
        except psutil.Error:
            continue
    return [f"{pid} {name_of(process)}" for pid, process in sorted(alive.items()) if running(process)]


def running(process: psutil.Process) -> bool:
    """Say whether a process is more than an entry in a table."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def name_of(process: psutil.Process) -> str:
    """Return a process's name, where it still has one."""
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return "gone"


def listening(process: psutil.Process) -> list[int]:
    """Return the ports a process listens on."""
    try:
        found = process.net_connections(kind="tcp")
    except psutil.Error:
        return []
    return [one.laddr.port for one in found if one.status == psutil.CONN_LISTEN]


def is_open(port: int) -> bool:
    """Say whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def files_of(root: Path) -> set[str]:
    """Return the files of a subject, without its run folder, environments and byte code."""
    skipped = {RUNS, ".venv", "node_modules", "__pycache__"}
    return {
        path.relative_to(root).as_posix() for path in root.rglob("*") if not skipped & set(path.relative_to(root).parts)
    }


def shared_memory(creators: set[int]) -> list[str]:
    """Return the shared memory segments that these processes created."""
    try:
        rows = [row.split() for row in SHARED_MEMORY.read_text().splitlines()]
    except OSError:
        return []
    place = rows[0].index("cpid")
    return [f"shared memory {row[1]}" for row in rows[1:] if int(row[place]) in creators]
