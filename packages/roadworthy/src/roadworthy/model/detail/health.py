"""What is said about the functions that answer probes."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class HandlerRead:
    """What a function does that may answer a probe (Kind.CONSTRUCT, defines, named by the function).

    `constant` tells that it answers the same whatever happens: it calls nothing and decides nothing. `asks` are the
    calls that ask a dependency, `asks_at` the place of the first. `hides_at` is where a failure is caught that no
    status the function can answer shows, None where there is none. `route` is the place of the route it stands in,
    where the route names no function. `throws_at` is a question whose failure nothing in it catches, and which shows in no
    other way than as an exception. `by_pack` tells that a library answers, and which checks it runs is not seen.
    """

    constant: bool
    asks: tuple[str, ...] = ()
    asks_at: Span | None = None
    hides_at: Span | None = None
    route: Span | None = None
    by_pack: bool = False
    throws_at: Span | None = None


@dataclass(frozen=True, slots=True)
class ProbeAnswered:
    """A function of ours answers what probes ask (Kind.CONSTRUCT, defines, named by the path; derived).

    `kind` is "live", "ready", "startup" or "health", `asked_at` the probe, None where only the path's name says what it
    is for; `alone` tells that no probe of another kind asks the same path. `handler` is the function, `what` it does.
    """

    kind: str
    asked_at: Span | None
    alone: bool
    handler: str
    what: HandlerRead
    relies_on: str = ""
    relies_at: Span | None = None
