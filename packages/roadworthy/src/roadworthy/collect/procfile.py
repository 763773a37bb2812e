"""Procfiles: the processes a platform starts."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol, Unreadable

PROVIDES = frozenset({Kind.SERVICE, Kind.COMMAND})

_PROCESS = re.compile(r"([A-Za-z0-9_-]+)(\s*:\s*)(.*\S)\s*")


def wants(path: str) -> bool:
    """A file named Procfile."""
    return path.rpartition("/")[2] == "Procfile"


def claims(path: str) -> bool:
    """Such a file is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise it by its name."""
    return wants(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every process and its command."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        match = _PROCESS.fullmatch(line)
        if match is None or line.startswith("#"):
            continue
        name, command = match[1], match[3]
        at = Span(file.path, number, 1, number, len(name))
        detail = Workload("procfile", "process", one_shot=name in ("release", "migrate"))
        yield Symbol(Kind.SERVICE, Action.DEFINES, Exact(name), at, name, role=file.role, detail=detail)
        use = CommandUse("command", "shell", (command,))
        at = Span(file.path, number, match.start(3) + 1, number, match.end(3))
        yield Symbol(Kind.COMMAND, Action.REFERS, Unreadable("a shell line"), at, name, role=file.role, detail=use)
