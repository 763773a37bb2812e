"""What is said about secrets that stand in the repository. Values never do: place and kind only."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class SecretCommitted:
    """A text of the form of a real credential (Kind.SECRET_KEY, defines, named by its form)."""

    form: str


@dataclass(frozen=True, slots=True)
class SecretDefault:
    """Code has a literal secret to fall back on (Kind.SECRET_KEY, defines, named by the setting). `weak` tells that the
    value is a well-known word, `refused` the place that refuses it ("" where none does)."""

    how: str
    weak: bool
    refused: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """A dotenv file (Kind.FILE, defines, phase "file"). `tracked` tells that git keeps it, None where there is no git;
    `secrets` are the names of the variables in it that hold a secret."""

    tracked: bool | None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretGuard:
    """Code refuses values of a secret (Kind.SECRET_KEY, refers; gone once the facts are linked).

    `form` is "equals", "starts", "contains" with `text`, "length" with the smallest length in `text`, or "other" where what
    it refuses is not seen. The name is that of the variable it guards; Unreadable where that cannot be told.
    """

    form: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SecretExample:
    """An example file gives a secret a value (Kind.SECRET_KEY, refers, named by the variable; derived). `accepted` tells
    whether the code that reads it at `read_at` starts with that value, None where that cannot be told; `why` says by what,
    `guard_at` is the place of a check that lets it through."""

    accepted: bool | None
    why: str
    read_at: Span
    guard_at: Span | None = None


@dataclass(frozen=True, slots=True)
class PasswordGuessed:
    """A server gets a password that anyone tries first (Kind.SECRET_KEY, defines, named by the variable; derived): `by` is
    what gives it, `server` the image it is given to. The password is not kept."""

    by: str
    server: str
