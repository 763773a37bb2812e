"""What is said about personal data in code: where it is logged, asked for, exported and thrown away."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalLogged:
    """A log line carries personal data (Kind.COLUMN, refers, named by the field). `call` is the logging call, `whole` tells
    that it is the whole body of a request or record."""

    call: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Code takes a consent from a person (Kind.CONSTRUCT, refers, named by the field)."""

    holder: str


@dataclass(frozen=True, slots=True)
class ExportFound:
    """A function hands a person their data (Kind.CONSTRUCT, defines, named by the function). `words` are those it and the
    functions it calls in the same file use; `open` says what it reads in a way that cannot be seen."""

    words: frozenset[str]
    open: str = ""


@dataclass(frozen=True, slots=True)
class SecretLogged:
    """A log line carries a secret (Kind.CONSTRUCT, refers, named by what is logged). `call` is the logging call."""

    call: str


@dataclass(frozen=True, slots=True)
class ConsentWritten:
    """Code makes a row of a consent (Kind.CONSTRUCT, refers, named by what makes it)."""


@dataclass(frozen=True, slots=True)
class ActorWritten:
    """An entry of an audit trail says who acted (Kind.CONSTRUCT, refers, named by the call that makes the entry).

    `fixed` tells that it is the same text whoever acts, `text` is that text; `known` is what stands beside it and holds
    the one who acts, "" where nothing is seen.
    """

    fixed: bool
    text: str = ""
    known: str = ""
