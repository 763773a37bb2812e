"""What is said about state that only one process or one disk has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateKept:
    """Code keeps what belongs to its users where only this process or this disk has it (Kind.CONSTRUCT, defines, named
    by the variable or call). `where` is "memory" or "disk", `what` says what is kept."""

    where: str
    what: str
