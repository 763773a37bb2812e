"""What modules of JavaScript say of one another: which they need, and which ports they give one another.

Names are `path:name`, or `module:name` for one of another module. Only linking needs these statements.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModulesNeeded:
    """The modules a file needs when it runs (Kind.CONSTRUCT, refers, named by its path), as it writes them; those that
    are relative start with a slash, from the root of the repository."""

    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortNamed:
    """A name for what can be a port (Kind.CONSTRUCT, defines): a number, the variable it is taken from with the number
    as its default, or what another name stands for."""

    number: int | None = None
    variable: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PortTaken:
    """A server is started on a port that has a name (Kind.CONSTRUCT, refers, named by that): `program` is what starts it."""

    program: str
