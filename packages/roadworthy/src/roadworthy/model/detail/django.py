"""What is said about the settings and the views of Django projects, before several modules are put together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheKept:
    """A cache of a project (Kind.CONSTRUCT, defines, named by its alias). `storage` is where it keeps what it is given:
    "memory", "shared", "unknown"; `counts` tells that requests are counted there."""

    storage: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ViewLimited:
    """A view bounds how often one caller may ask (Kind.CONSTRUCT, refers, named by the view). `key` tells callers apart:
    "address", "forwarded", "other", or "" where the function `told_by` (its dotted name) does."""

    key: str
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class CallerTold:
    """A function tells by which address a caller is known (Kind.CONSTRUCT, defines, named by the function): `key` as
    that of ViewLimited."""

    key: str
