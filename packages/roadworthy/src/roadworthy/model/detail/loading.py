"""What is said about files of variables that a program reads itself when it starts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvironmentLoaded:
    """Code takes variables from a file named `.env` beside it (Kind.ENVIRONMENT, refers, named by the file): `by` is what
    reads it."""

    by: str
