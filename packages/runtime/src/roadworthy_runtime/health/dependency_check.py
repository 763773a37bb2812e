"""What a service asks of a dependency to know whether it can do its work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Probe = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class DependencyCheck:
    """A question asked in the background; `probe` returns (anything but False) when the dependency works, else raises.

    A critical dependency that is down turns readiness red; another one is only reported.
    """

    name: str
    probe: Probe
    critical: bool = True
    interval_seconds: float = 2.0
    deadline_seconds: float = 1.0

    def faults(self) -> list[str]:
        """Everything that is wrong with the declaration, in words."""
        faults: list[str] = []
        if not self.name or not self.name.isprintable():
            faults.append(f"check {self.name!r}: give it a name")
        if not self.interval_seconds > 0:
            faults.append(f"check {self.name!r}: interval_seconds is above 0")
        if not self.deadline_seconds > 0:
            faults.append(f"check {self.name!r}: deadline_seconds is above 0")
        return faults
