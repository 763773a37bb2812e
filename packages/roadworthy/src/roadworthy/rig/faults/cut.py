"""The conversation ends in the middle: after so many bytes of it, both sides see the connection closed."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.connection import Connection, Direction
from roadworthy.rig.faults.count import Counted
from roadworthy.rig.proxy import Disturbance, FaultProxy


@dataclass(frozen=True, slots=True)
class Cut:
    """Close each connection once `after_bytes` more bytes have gone in this direction; the rest is lost."""

    after_bytes: int
    direction: Direction = Direction.DOWN
    name: str = "cut"

    @asynccontextmanager
    async def applied_to(self, proxy: FaultProxy) -> AsyncIterator[Counted]:
        """Cut while inside."""
        gone: Counter[int] = Counter()

        async def carry(connection: Connection, direction: Direction, data: bytes) -> bytes:
            if direction is not self.direction or gone[connection.number] + len(data) <= self.after_bytes:
                gone[connection.number] += len(data) if direction is self.direction else 0
                return data
            last = data[: self.after_bytes - gone[connection.number]]
            sink = connection.client if direction is Direction.DOWN else connection.server
            if sink is not None:
                sink.writer.write(last)
            connection.forwarded[direction] += len(last)
            proxy.count("cut", connection)
            connection.cut()
            return b""

        applied = Counted(proxy, proxy.counters, ("cut",))
        async with proxy.disturbed(Disturbance(carry=carry)):
            yield applied
