"""A wire that a drill has broken, and what that touched."""

from dataclasses import dataclass

from roadworthy.rig.proxy import Counters, FaultProxy


@dataclass(frozen=True, slots=True)
class BrokenWire:
    """A wire and what it had counted when it was broken."""

    wire: FaultProxy
    before: Counters

    @property
    def affected(self) -> int:
        """How many connections the fault has touched so far."""
        return self.wire.counters.since(self.before).affected
