"""A container ends with its first process: whatever else runs in it is killed. The same is done here."""

import signal

from roadworthy.rig.process import Process

LONGEST_LIFE_SECONDS = 600.0


async def kill_leftovers(process: Process) -> None:
    """Wait for the end of a process, and kill what it leaves running."""
    await process.wait(LONGEST_LIFE_SECONDS)
    if not process.running:
        await process.signal(signal.SIGKILL, whole=True)
