"""What kind of service it is: which artifact families it must have follows from this."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The traits that decide which families are expected."""

    store: bool = False
    user_interface: bool = False
    personal_data: bool = False
    outgoing_calls: bool = False
