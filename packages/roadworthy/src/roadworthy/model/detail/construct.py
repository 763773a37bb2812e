"""Constructs of code that a rule is about, one by one."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct of code (Kind.CONSTRUCT, defines, named by what is called or written).

    `kind` is what rules ask for: "debug", "comparison", "hash", "password", "token", "injection", "identity", "leak",
    "csrf", "limit-storage", "headers", "sanitiser", "retry", "endless-retry", "cache-read", "exception-handler",
    "looped-query", "unpaged-query", "missing-pool", "compression". `sound` is False where it is wrong, None where that
    cannot be told. `says` is the whole sentence about it.
    """

    kind: str
    sound: bool | None
    says: str


@dataclass(frozen=True, slots=True)
class HandlerGuarded:
    """A route and what stands before it (Kind.CONSTRUCT, defines, named by its handler).

    `router` is the name it is hung on. `guards` are the names that prove who calls, `routers` tells that the whole router
    has some. `limited` tells that the number of requests is bounded, None where that cannot be told. `served` is the whole
    path once the modules are linked, "" where it is not known.
    """

    router: str
    path: str | None
    methods: tuple[str, ...]
    guards: tuple[str, ...]
    limited: bool | None = False
    hidden: bool = False
    served: str = ""


@dataclass(frozen=True, slots=True)
class NameUnbound:
    """Code uses a name that nothing in its file binds (Kind.CONSTRUCT, refers, named by the name). `near` is the name that
    was perhaps meant, with its place, "" where none is like it."""

    near: str = ""
    near_at: Span | None = None
