"""Nobody listens: open connections are closed, new ones are refused.

Where packets can be counted the kernel refuses, as for a server that is not running. Elsewhere each attempt is accepted
and reset before a byte is exchanged: the nearest thing that can be counted without privileges.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roadworthy.rig.attempts import can_count, counted
from roadworthy.rig.connection import Connection
from roadworthy.rig.faults.count import Counted
from roadworthy.rig.proxy import Disturbance, FaultProxy


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse connections; `by_kernel` None means: where it can be counted."""

    name: str = "refuse"
    by_kernel: bool | None = None

    @asynccontextmanager
    async def applied_to(self, proxy: FaultProxy) -> AsyncIterator[Counted]:
        """Refuse while inside."""

        async def admit(connection: Connection) -> bool:
            proxy.count("refused", connection)
            connection.reset()
            return False

        before, counts = proxy.counters, ("refused", "cut")
        by_kernel = can_count() if self.by_kernel is None else self.by_kernel
        async with proxy.disturbed(Disturbance(admit=admit)):
            if by_kernel:
                async with counted(proxy.port, lambda: proxy.count("refused", None)) as catch_up:
                    await proxy.refuse()
                    _close_all(proxy)
                    try:
                        yield Counted(proxy, before, counts, catch_up)
                    finally:
                        proxy.open()
            else:
                _close_all(proxy)
                yield Counted(proxy, before, counts)


def _close_all(proxy: FaultProxy) -> None:
    for connection in list(proxy.connections.values()):
        proxy.count("cut", connection)
        connection.cut()
