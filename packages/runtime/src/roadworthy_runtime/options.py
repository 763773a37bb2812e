"""What may be chosen about the runtime, and what may not."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from roadworthy_runtime.configuration_error import refuse
from roadworthy_runtime.health.dependency_check import DependencyCheck

DRAIN_SECONDS = 8.0
"""Below the ten seconds after which `docker stop` kills."""
LINGER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """The keywords of `Roadworthy`, checked together."""

    service: str
    checks: tuple[DependencyCheck, ...] = ()
    drain_seconds: float = DRAIN_SECONDS
    linger_seconds: float = LINGER_SECONDS
    logs: bool = True
    log_level: str | None = None

    def __post_init__(self) -> None:
        faults = self.faults()
        if faults:
            raise refuse("Roadworthy(…): " + "; ".join(faults))

    def faults(self) -> Sequence[str]:
        """Everything that is wrong, in words."""
        faults: list[str] = []
        if not self.service:
            faults.append("service: give the service a name")
        if not self.drain_seconds > 0:
            faults.append("drain_seconds: above 0")
        if not 0 <= self.linger_seconds < self.drain_seconds:
            faults.append("linger_seconds: from 0 to less than drain_seconds, which counts from the same signal")
        levels = logging.getLevelNamesMapping()
        if self.log_level is not None and self.log_level not in levels:
            faults.append(f"log_level: one of {', '.join(sorted(levels, key=levels.__getitem__))}")
        for check in self.checks:
            faults += check.faults()
        names = [check.name for check in self.checks]
        faults += [f"check {name!r}: the name is used twice" for name in sorted(set(names)) if names.count(name) > 1]
        return faults
