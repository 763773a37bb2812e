"""Starting a server and waiting until it answers, on a port of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.ports import free_port
from roadworthy.rig.process import Process

READY_SECONDS = 60.0
LOOK_SECONDS = 0.03
PORT_TRIES = 5
TAKEN = ("address already in use", "could not bind")

Start = Callable[[int], Awaitable[Process]]
Answers = Callable[[int], Awaitable[bool]]


async def on_free_port(start: Start, answers: Answers) -> tuple[int, Process]:
    """Start on a free port, on another one when somebody was quicker; return port and process.

    Raise RoadworthyError, with the server's last words, when it does not answer.
    """
    for last in (*[False] * (PORT_TRIES - 1), True):
        port = free_port()
        try:
            return port, await on_port(port, start, answers)
        except PortTakenError:
            if last:
                raise
    raise RoadworthyError("no port was tried")


class PortTakenError(RoadworthyError):
    """Somebody else listens on the port."""


async def on_port(port: int, start: Start, answers: Answers) -> Process:
    """Start on this port and wait until the server answers; raise RoadworthyError when it does not."""
    process = await start(port)
    until = time.monotonic() + READY_SECONDS
    while process.running and time.monotonic() < until:
        if await answers(port):
            return process
        await asyncio.sleep(LOOK_SECONDS)
    told = "\n  ".join(line.text for line in process.lines()[-8:]) or "it said nothing"
    if process.running:
        await process.kill()
        raise RoadworthyError(f"{process.name} did not answer within {READY_SECONDS:g} s:\n  {told}")
    if any(sign in told.lower() for sign in TAKEN):
        raise PortTakenError(f"{process.name}: port {port} was taken by another program")
    raise RoadworthyError(f"{process.name} ended with {process.returncode} before it answered:\n  {told}")
