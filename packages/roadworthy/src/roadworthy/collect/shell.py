"""Shell scripts: the programs they call."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Symbol, Unreadable
from roadworthy.syntax import shell

PROVIDES = frozenset({Kind.COMMAND})
_SHEBANG = re.compile(r"#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:\S*/)?(sh|bash|ash|dash|ksh|zsh)\b")
_SUFFIXES = (".sh", ".bash")
_NAMED = re.compile(
    r"(?:[\w-]*[-_])?(?:entrypoint|start|run|serve|server|backup|restore|deploy|migrate|healthcheck|release|worker|web"
    r"|wait-for|wait-for-it|setup|bootstrap|rollback|beat|celery)"
)


def wants(path: str) -> bool:
    """Files named as scripts, and those without an ending that are named for what scripts do."""
    name = path.rpartition("/")[2]
    return name.endswith(_SUFFIXES) or _NAMED.fullmatch(name) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise a script by its ending or its first line."""
    return file.name.endswith(_SUFFIXES) or _SHEBANG.match(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every simple command; what cannot be read opens the set."""
    read = shell.script(file)
    found = _SHEBANG.match(file.text)
    interpreter = f"/bin/{found[1]}" if found else "/bin/sh"
    if found:
        line = file.text.partition("\n")[0]
        use = CommandUse("shebang", "exec", tuple(line[2:].split()), interpreter)
        at = Span(file.path, 1, 1, 1, max(len(line), 1))
        yield Symbol(Kind.COMMAND, Action.REFERS, Exact(use.words[0]), at, role=file.role, detail=use)
    for command in read.commands:
        name: Name = Unreadable("a computed program") if "$" in command.program else Exact(command.program)
        optional = command.optional or command.program in read.functions
        use = CommandUse(
            "script",
            "exec",
            command.words,
            interpreter,
            optional=optional,
            swallowed=command.swallowed,
            piped=command.piped,
            writes=command.writes,
        )
        yield Symbol(Kind.COMMAND, Action.REFERS, name, command.at, role=file.role, detail=use)
    for at in read.broken:
        yield Open(Kind.COMMAND, "", "a part of a script that cannot be read", at)
