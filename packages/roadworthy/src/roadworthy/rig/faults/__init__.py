"""What can be broken on purpose: one file per fault.

A fault is applied to its target (a proxy, or a process) for the length of an `async with`, and mended on leaving:

    async with Reset().applied_to(proxy) as applied:
        ...
        if not applied.bit(): nothing was disturbed, and nothing is proved
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

Target = TypeVar("Target", contravariant=True)


class Applied(Protocol):
    """A fault at work, or just mended: what it has disturbed since it began."""

    def bit(self) -> int:
        """Return how often it disturbed something; 0 means that nobody met the fault."""
        ...

    def says(self) -> str:
        """Return the disturbance in words: what was counted."""
        ...


class Fault(Protocol[Target]):
    """Something that can be broken and mended."""

    @property
    def name(self) -> str:
        """The fault's name, as its file is called."""
        ...

    def applied_to(self, target: Target) -> AbstractAsyncContextManager[Applied]:
        """Break the target while inside."""
        ...
