"""Every connection is reset: the open ones at once, new ones as soon as they are made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.connection import Connection
from roadworthy.rig.faults.count import Counted
from roadworthy.rig.proxy import Disturbance, FaultProxy


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset connections."""

    name: str = "reset"

    @asynccontextmanager
    async def applied_to(self, proxy: FaultProxy) -> AsyncIterator[Counted]:
        """Reset while inside."""

        async def admit(connection: Connection) -> bool:
            proxy.count("reset", connection)
            connection.reset()
            return False

        applied = Counted(proxy, proxy.counters, ("reset",))
        async with proxy.disturbed(Disturbance(admit=admit)):
            for connection in list(proxy.connections.values()):
                await admit(connection)
            yield applied
