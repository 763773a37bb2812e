"""What is said about code: that it was read, and the constructs in it that rules are about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModuleRead:
    """A module was read from its first line to its last (Kind.CONSTRUCT, defines, named by its path)."""

    language: str


@dataclass(frozen=True, slots=True)
class HandlerEmpty:
    """An exception handler that drops a broad exception without a trace (Kind.CONSTRUCT, named by what it catches)."""

    around: str


@dataclass(frozen=True, slots=True)
class BlockingCall:
    """A call that blocks, made by an asynchronous function (Kind.CONSTRUCT, named by what is called)."""

    function: str
    instead: str


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call that leaves the process (Kind.CONSTRUCT, named by what is called).

    `bounded` is True where it cannot wait for ever, False where it can, None where that cannot be seen.
    """

    library: str
    bounded: bool | None


@dataclass(frozen=True, slots=True)
class OriginsAllowed:
    """Which origins may call with a browser (Kind.CONSTRUCT, named by the middleware).

    `everyone` tells that any origin may, `credentials` that cookies go along; None where that cannot be seen.
    """

    everyone: bool | None
    credentials: bool | None
