"""What a fault on a proxy has disturbed, read from the proxy's counters."""

from collections.abc import Callable
from dataclasses import dataclass

from roadworthy.rig.proxy import Counters, FaultProxy

WORDS = {
    "refused": "attempts to connect refused",
    "reset": "connections reset",
    "cut": "connections cut",
    "delayed": "pieces delayed",
    "held_bytes": "bytes held back",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The counters that a fault may raise, compared with what they were when it began."""

    proxy: FaultProxy
    before: Counters
    counts: tuple[str, ...]
    catch_up: Callable[[], None] = lambda: None

    def bit(self) -> int:
        """Return what was counted since the fault began."""
        self.catch_up()
        since = self.proxy.counters.since(self.before)
        return sum(getattr(since, name) for name in self.counts)

    def says(self) -> str:
        """Return the counts in words."""
        self.catch_up()
        since = self.proxy.counters.since(self.before)
        told = ", ".join(f"{getattr(since, name)} {WORDS[name]}" for name in self.counts)
        return f"{self.proxy.name}: {told} ({since.affected} affected)"
