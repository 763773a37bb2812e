"""Everything that descends from this process, also what left its session or lost its parent."""

import ctypes
import os
import signal
import sys

import psutil

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux; elsewhere sessions are searched)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Ask the kernel to kill the calling process when its parent ends (Linux): the guardian's own last resort."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def descendants(of: int, sessions: set[int]) -> list[int]:
    """Return the ids of all processes below `of` that are not zombies, and where orphans escape, of its sessions."""
    found = {child.pid for child in _children(of)}
    if sys.platform != "linux":
        found |= {pid for pid in psutil.pids() if session(pid) in sessions}
    return sorted(found - {os.getpid()})


def session(pid: int) -> int:
    """Return the session of a process; 0 when it is gone or not ours to ask."""
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def deliver(pid: int, number: int) -> bool:
    """Send a signal; say whether there was somebody to receive it."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _children(of: int) -> list[psutil.Process]:
    try:
        children = psutil.Process(of).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child for child in children if _alive(child)]


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
