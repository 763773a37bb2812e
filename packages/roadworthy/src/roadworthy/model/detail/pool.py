"""What is said about connections to servers and about lengths of time that bound one another."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class PoolSet:
    """Code keeps a pool of connections (Kind.CONSTRUCT, defines, named by what makes it).

    `size` and `overflow` are numbers, None where they are not seen; `variables` those that can change them. `default`
    tells that the library's own size counts.
    """

    size: int | None
    overflow: int | None = 0
    variables: tuple[str, str] = ("", "")
    default: bool = False


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A field of a settings class that is a number of connections (Kind.CONSTRUCT, defines, named by its variable)."""

    number: int


@dataclass(frozen=True, slots=True)
class ConnectionsUsed:
    """How many connections a component may hold (Kind.SETTING, defines, named by the server's component; derived).

    `pool` is per process, None where it cannot be told and `why` says so. `processes` is how many there may be, with the
    places that say so. `allowed` is what the server gives out to ordinary users, `allowed_at` where that is said.
    """

    pool: int | None
    processes: int
    allowed: int
    allowed_at: Span
    stated: bool
    why: str = ""
    sides: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class TimeBound:
    """Something is given up after a length of time (Kind.SETTING, defines, named by the option).

    `layer` is "server" (a worker is ended), "client" (a call of another service), "statement" (a query of the database),
    "keep-alive" (an idle connection is closed), "request" (the service's own deadline for an answer).
    """

    layer: str
    seconds: float
