"""A name an artifact defines or refers to, and what may be hidden from the reader."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from roadworthy.model.detail import Detail
from roadworthy.model.place import Span
from roadworthy.model.words import FileRole


class Kind(StrEnum):
    """What a name names."""

    METRIC = "metric"
    LABEL = "label"
    LABEL_VALUE = "label-value"
    ENVIRONMENT = "environment"
    PORT = "port"
    PATH = "path"
    HOST = "host"
    IMAGE = "image"
    STAGE = "stage"
    FILE = "file"
    COMMAND = "command"
    PROGRAM = "program"
    CONTENT = "content"
    VOLUME = "volume"
    SECRET_KEY = "secret-key"  # noqa: S105 - the name of a kind
    SCRIPT = "script"
    JOB = "job"
    RECEIVER = "receiver"
    SEVERITY = "severity"
    SERVICE = "service"
    RUNBOOK = "runbook"
    PACKAGE = "package"
    TABLE = "table"
    COLUMN = "column"
    FLAG = "flag"
    URL = "url"
    SETTING = "setting"
    RULE_FILE = "rule-file"
    CONSTRUCT = "construct"
    PIPELINE = "pipeline"
    STEP = "step"
    TEST = "test"
    DOCUMENT = "document"
    DASHBOARD = "dashboard"


class Action(StrEnum):
    """Which side of the link a symbol stands on."""

    DEFINES = "defines"
    REFERS = "refers"


@dataclass(frozen=True, slots=True)
class Exact:
    """The whole name is known."""

    text: str

    def matches(self, other: str) -> bool:
        return self.text == other

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Part of the name is known; `*` stands for any run of characters without a slash, `**` for any run."""

    text: str

    def matches(self, other: str) -> bool:
        return _matches(_pieces(self.text), other)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The name is computed in a way the reader does not follow."""

    why: str

    def matches(self, other: str) -> bool:
        return False

    def __str__(self) -> str:
        return f"({self.why})"


Name = Exact | Pattern | Unreadable


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    """Return the literal runs and stars of a pattern, stars side by side as one."""
    return tuple("**" if part.startswith("**") else part for part in re.split(r"(\*+)", text) if part)


def _matches(pieces: tuple[str, ...], text: str) -> bool:
    """Match in time linear in the length of both: the set of places that may have been reached, piece by piece."""
    reached = {0}
    for piece in pieces:
        if piece == "**":
            reached = set(range(min(reached), len(text) + 1))
        elif piece == "*":
            spread: set[int] = set()
            for place in sorted(reached):
                if place not in spread:
                    slash = text.find("/", place)
                    spread.update(range(place, (slash if slash >= 0 else len(text)) + 1))
            reached = spread
        else:
            reached = {place + len(piece) for place in reached if text.startswith(piece, place)}
        if not reached:
            return False
    return len(text) in reached


@dataclass(frozen=True, slots=True)
class Symbol:
    """One name in one place.

    `component` is the id of the running thing it concerns, "" for all of them. `phase` tells when it counts:
    "run", "build", "test", "deploy". `role` is that of the file it stands in.
    """

    kind: Kind
    action: Action
    name: Name
    at: Span
    component: str = ""
    phase: str = "run"
    role: FileRole = FileRole.PROD
    detail: Detail | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """The set of definitions of `kind` in `component` may have more members than the reader sees.

    `covers` limits the doubt to names it matches; None puts every name in doubt. `unread` tells that whole files of code
    are not read, so that anything at all may be there.
    """

    kind: Kind
    component: str
    reason: str
    at: Span
    covers: Pattern | None = None
    unread: bool = False
