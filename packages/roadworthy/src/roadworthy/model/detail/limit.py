"""What code says about limits: of the number of requests, of their size, and of whom it believes about the caller."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class LimitSet:
    """Code bounds the number of requests (Kind.CONSTRUCT, defines, named by the library).

    `storage` is where it counts: "memory", "shared", "unknown"; `key` by what: "address" (that of the connection),
    "forwarded" (the first address a header names, whoever wrote it), "other". `everything` tells that it bounds all
    routes. `shown` is how the storage is written, `bound` the name that the limiter is given, "" where it has none.
    """

    storage: str
    key: str
    everything: bool
    shown: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class LimiterUsed:
    """A file uses what may be a limiter (Kind.CONSTRUCT, refers, named by the limiter's own name)."""


@dataclass(frozen=True, slots=True)
class ProxyTrusted:
    """Code, a command or a variable says whose word about the caller's address counts (Kind.CONSTRUCT, defines, named by
    what says it): `whom` is "all", "some", "none" or "unknown"; "nobody" where the header is not read, whatever else is said."""

    whom: str


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Code bounds the size of a request or of a file in it (Kind.CONSTRUCT, defines, named by what states it).

    `size` is in bytes, None where it is not known; `variable` the variable that can change it, `unit` how many bytes one
    of it is.
    """

    size: int | None
    variable: str = ""
    unit: int = 1


@dataclass(frozen=True, slots=True)
class UploadTaken:
    """A handler takes a file (Kind.CONSTRUCT, defines, named by the handler). `bounded` is False where it is read whole
    whatever its size, None where that cannot be told."""

    bounded: bool | None
    how: str


@dataclass(frozen=True, slots=True)
class ProcessesRun:
    """How many processes serve for a component (Kind.SETTING, defines, named "workers" or "replicas"; derived): at least
    `count`, at most `most`."""

    count: int
    most: int


@dataclass(frozen=True, slots=True)
class LimitPlaced:
    """A limit on the number of requests stands before routes (Kind.CONSTRUCT, refers, named by the limiter).

    `reach` tells before which: "all" of the application, "path" (those below the path in `on`), "module" (those of the
    module named in `on`), "handler" (that of this file named in `on`), "rest" (all that no other statement is about).
    `why` tells what leaves that in doubt. `made` tells that the limiter must be one that a LimiterMade is about.
    """

    reach: str
    on: str = ""
    why: str = ""
    made: bool = False


@dataclass(frozen=True, slots=True)
class LimitFreed:
    """No limit stands before routes (Kind.CONSTRUCT, refers, named by what says so): `reach` and `on` as for LimitPlaced,
    "lines" for the routes that stand within the symbol's own place."""

    reach: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class LimiterMade:
    """A limiter is made (Kind.CONSTRUCT, defines, named as others name it). `leaves` are the paths it lets through, `why`
    tells what else it may let through, "" where nothing."""

    leaves: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class ProbeLimited:
    """Whether a path that a probe asks stands behind a limit (Kind.PATH, refers, named by the path; derived; its place is
    the probe). `state` is "limited", "free" or "unclear" with `why`; `sides` are the handler and the limiter."""

    state: str
    kind: str
    why: str = ""
    sides: tuple[tuple[str, Span], ...] = ()
