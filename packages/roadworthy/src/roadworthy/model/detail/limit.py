"""What code says about limits: of the number of requests, of their size, and of whom it believes about the caller."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LimitSet:
    """Code bounds the number of requests (Kind.CONSTRUCT, defines, named by the library).

    `storage` is where it counts: "memory", "shared", "unknown"; `key` by what: "address" (that of the connection),
    "forwarded" (the first address a header names, whoever wrote it), "other". `everything` tells that it bounds all
    routes. `shown` is how the storage is written.
    """

    storage: str
    key: str
    everything: bool
    shown: str = ""


@dataclass(frozen=True, slots=True)
class ProxyTrusted:
    """Code, a command or a variable says whose word about the caller's address counts (Kind.CONSTRUCT, defines, named by
    what says it): `whom` is "all", "some", "none" or "unknown"."""

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
