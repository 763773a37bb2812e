"""What an address asks of the server it names, beside what that server is configured with."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class ServerAsked:
    """One part of an address (Kind.URL, refers, named by the variable; derived).

    `part` is "port", "user", "password" or "database"; `asked` and `there` are the two sides ("" for passwords), `agrees`
    whether they are the same, None where that cannot be told, and `doubt` then says why. `there_at` is the place of the
    other side, `there_name` the variable or component that states it.
    """

    server: str
    part: str
    asked: str
    there: str
    agrees: bool | None
    there_at: Span
    there_name: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class AddressWritten:
    """Code writes an address down instead of reading it from its environment (Kind.HOST, refers, named by the host).

    `how` is the construct; `port` None where none is written.
    """

    how: str
    port: int | None = None
