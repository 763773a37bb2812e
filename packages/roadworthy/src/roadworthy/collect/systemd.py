"""systemd units: services, and the timers that start them."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.schedule import Scheduled
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.JOB, Kind.COMMAND})

_SETTING = re.compile(r"^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$")
_TIMES = ("OnCalendar", "OnUnitActiveSec", "OnBootSec", "OnActiveSec", "OnUnitInactiveSec")
_NAME = re.compile(r"\"?([A-Za-z_]\w*)=")


def wants(path: str) -> bool:
    """Service and timer units."""
    return path.endswith((".service", ".timer"))


def recognises(file: SourceFile) -> bool:
    """Recognise a unit by the header of its section."""
    return "[Service]" in file.text or "[Timer]" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what a service starts, and when a timer fires."""
    unit = file.name.rpartition(".")[0]
    settings = list(_settings(file))
    if file.suffix == ".timer":
        target = next((value.rpartition(".")[0] or value for key, value, _ in settings if key == "Unit"), unit)
        for key, value, at in settings:
            if key in _TIMES and value:
                yield _symbol(file, value, at, Scheduled("systemd", "", target))
        return
    hidden = any(key in ("EnvironmentFile", "PassEnvironment") for key, _, _ in settings)
    names = tuple(name for key, value, _ in settings if key == "Environment" for name in _NAME.findall(value))
    for key, value, at in settings:
        if key in ("ExecStart", "ExecStartPre", "ExecStartPost") and value.strip("-@+!: "):
            command = value.lstrip("-@+!: ")
            yield _symbol(file, "", at, Scheduled("systemd", command, unit, None if hidden else names))
            use = CommandUse("job", "exec", tuple(command.split()))
            yield Symbol(Kind.COMMAND, Action.REFERS, Exact(use.words[0]), at, role=file.role, detail=use)


def _settings(file: SourceFile) -> Iterator[tuple[str, str, Span]]:
    for number, line in enumerate(file.text.split("\n"), start=1):
        if found := _SETTING.match(line[:4000]):
            yield found[1], found[2], Span(file.path, number, found.start(1) + 1, number, max(found.end(2), 1))


def _symbol(file: SourceFile, name: str, at: Span, detail: Scheduled) -> Symbol:
    return Symbol(Kind.JOB, Action.REFERS, Exact(name), at, role=file.role, detail=detail)
