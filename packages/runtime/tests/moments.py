"""Waiting for something to become true, with a deadline."""

import asyncio
from collections.abc import AsyncIterator

DEADLINE_SECONDS = 20.0


async def moments(seconds: float = DEADLINE_SECONDS) -> AsyncIterator[None]:
    """Come round again and again, a moment apart; raise TimeoutError when the time is up."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        yield
        await asyncio.sleep(0.005)
    raise TimeoutError(f"it did not become true within {seconds:g} s")
