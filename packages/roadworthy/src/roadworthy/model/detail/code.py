"""What is said about code: that it was read, and the constructs in it that rules are about."""

from dataclasses import dataclass

from roadworthy.model.place import Span


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

    `bounded` is True where it cannot wait for ever, False where it can, None where that cannot be seen. `option` is the one
    that would bound it where the library waits for ever unless an address or a variable that is not here says otherwise.
    """

    library: str
    bounded: bool | None
    option: str = ""


@dataclass(frozen=True, slots=True)
class TimeoutsNamed:
    """A file mentions options that bound a wait (Kind.CONSTRUCT, refers; its place is the file), in lower case: those that
    stand in an `address`, and those that stand in its code."""

    address: frozenset[str]
    code: frozenset[str]


@dataclass(frozen=True, slots=True)
class OriginsAllowed:
    """Which origins may call with a browser (Kind.CONSTRUCT, named by the middleware).

    `everyone` tells that any origin may, `credentials` that cookies go along; None where that cannot be seen.
    """

    everyone: bool | None
    credentials: bool | None


@dataclass(frozen=True, slots=True)
class AsyncHandler:
    """An asynchronous function that answers requests of Express (Kind.CONSTRUCT, defines, named by the function, or by the
    route where it stands there). `guarded` tells that nothing it awaits can end it with an error, `inline` that it is
    given to the router where it stands; `awaits_at` is the first await that can, `awaits` the last part of the name of
    each function it calls there, () where one has none."""

    guarded: bool
    inline: bool
    awaits_at: Span | None = None
    awaits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorsKept:
    """An asynchronous function of JavaScript (Kind.CONSTRUCT, defines, named by the function). `kept` tells that it waits
    inside a `try` and lets no error out."""

    kept: bool


@dataclass(frozen=True, slots=True)
class HandlerUse:
    """A router is given a handler by name (Kind.CONSTRUCT, refers, named by the last part of the name). `wrapped` tells that
    another function takes it first."""

    wrapped: bool


@dataclass(frozen=True, slots=True)
class RejectionsCaught:
    """A library lets Express catch what asynchronous handlers throw (Kind.CONSTRUCT, defines, named by the library)."""


@dataclass(frozen=True, slots=True)
class HandlerJudged:
    """What becomes of an error in an asynchronous handler (Kind.CONSTRUCT, refers, named by the handler; derived).

    `state` is "caught", "lost" or "unclear" with `why`; `version_at` asks for the version of Express, `used_at` gives the
    handler to the router, None where it stands there itself.
    """

    state: str
    why: str
    version: str
    version_at: Span
    used_at: Span | None = None
