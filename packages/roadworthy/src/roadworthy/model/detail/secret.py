"""What is said about secrets that stand in the repository. Values never do: place and kind only."""

from dataclasses import dataclass


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
