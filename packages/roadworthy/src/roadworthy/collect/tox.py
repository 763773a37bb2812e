"""tox.ini: its environments and the commands they run."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.script import CommandLine, ScriptDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import ini, requirement, script_lines

PROVIDES = frozenset({Kind.SCRIPT, Kind.STEP, Kind.PACKAGE})


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == "tox.ini"


def recognises(file: SourceFile) -> bool:
    """Recognise those that hold an environment, not only the configuration of another tool."""
    return "[testenv" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield environments, what they install and what they run."""
    for section in ini.sections(file):
        if not section.name.startswith("testenv"):
            continue
        name = section.name.partition(":")[2] or "testenv"
        detail = ScriptDefined("tox", file.folder)
        yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(name), section.at, role=file.role, detail=detail)
        installs = section.get("deps")
        for text in installs.value.split("\n") if installs else ():
            asked = requirement.parse(text.rpartition(": ")[2] or text)
            if asked is not None and installs is not None:
                package = Dependency("python", asked.specifier, asked.pinned, "tox")
                yield Symbol(
                    Kind.PACKAGE,
                    Action.DEFINES,
                    Exact(asked.name),
                    installs.at,
                    phase="test",
                    role=file.role,
                    detail=package,
                )
        for key in ("commands_pre", "commands", "commands_post"):
            option = section.get(key)
            for text in option.value.split("\n") if option else ():
                ignores = text.startswith("-")
                for line in script_lines.lines(text.lstrip("-! "), file.folder):
                    how = "`-` before the command" if ignores else line.how
                    use = CommandLine("tox", name, line.words, line.folder, line.optional, bool(how), how)
                    at = option.at if option else section.at
                    yield Symbol(Kind.STEP, Action.REFERS, Exact(line.words[0]), at, role=file.role, detail=use)
