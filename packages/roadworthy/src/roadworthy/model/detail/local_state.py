"""What is said about state that only one process or one disk has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateKept:
    """Code keeps what belongs to its users where only this process or this disk has it (Kind.CONSTRUCT, defines, named
    by the variable or call). `where` is "memory" or "disk", `what` says what is kept, `folder` is the one it is
    kept in, "" where that is not known."""

    where: str
    what: str
    folder: str = ""
