"""Nothing is broken: what every other fault is replaced by, to prove that a drill notices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nothing:
    """The disturbance of a fault that is none."""

    def bit(self) -> int:
        """Return 0: nothing was disturbed."""
        return 0

    def says(self) -> str:
        """Say so."""
        return "nothing was broken"


@dataclass(frozen=True, slots=True)
class NoOp:
    """A fault that leaves its target as it is."""

    name: str = "no-op"

    @asynccontextmanager
    async def applied_to(self, target: object) -> AsyncIterator[Nothing]:
        """Leave the target alone."""
        yield Nothing()
