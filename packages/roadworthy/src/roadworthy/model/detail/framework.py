"""What is said about the frameworks and libraries that bring names of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameworkUse:
    """Code uses a framework that provides names of its own (Kind.CONSTRUCT, refers, named by the dotted name called or
    imported). `called` tells a call from an import; `options` are its literal keyword arguments, as text."""

    called: bool = False
    options: tuple[tuple[str, str], ...] = ()
