"""Waiting, with a deadline, for something that becomes true."""

import asyncio
import time
from collections.abc import Callable

import psutil


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until it is true; fail after a generous deadline."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true within the deadline"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Say whether a process lives: zombies do not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
