"""Data goes in and nothing comes out: open connections stay open, new ones are accepted, and nothing is forwarded.

As on a network that lost its route, nothing is lost for good: what was sent arrives when the fault ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.connection import Connection, Direction
from roadworthy.rig.faults.count import Counted
from roadworthy.rig.proxy import Disturbance, FaultProxy


@dataclass(frozen=True, slots=True)
class BlackHole:
    """Hold back every byte, in both directions."""

    name: str = "black-hole"

    @asynccontextmanager
    async def applied_to(self, proxy: FaultProxy) -> AsyncIterator[Counted]:
        """Hold everything back while inside."""
        mended = asyncio.Event()

        async def carry(connection: Connection, _: Direction, data: bytes) -> bytes:
            if data:
                proxy.count("held_bytes", connection, len(data))
            await mended.wait()
            return data

        applied = Counted(proxy, proxy.counters, ("held_bytes",))
        async with proxy.disturbed(Disturbance(carry=carry, mended=mended)):
            yield applied
