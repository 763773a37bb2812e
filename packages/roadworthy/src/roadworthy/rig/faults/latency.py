"""Every piece of data arrives late, in both directions or in one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.connection import Connection, Direction
from roadworthy.rig.faults.count import Counted
from roadworthy.rig.proxy import Disturbance, FaultProxy


@dataclass(frozen=True, slots=True)
class Latency:
    """Delay each piece by `seconds`; order and content stay. What is under way when the fault ends goes on at once."""

    seconds: float
    directions: frozenset[Direction] = frozenset({Direction.DOWN})
    name: str = "latency"

    @asynccontextmanager
    async def applied_to(self, proxy: FaultProxy) -> AsyncIterator[Counted]:
        """Delay while inside."""
        mended = asyncio.Event()

        async def carry(connection: Connection, direction: Direction, data: bytes) -> bytes:
            if data and direction in self.directions:
                proxy.count("delayed", connection)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.seconds):
                        await mended.wait()
            return data

        applied = Counted(proxy, proxy.counters, ("delayed",))
        async with proxy.disturbed(Disturbance(carry=carry, mended=mended)):
            yield applied
