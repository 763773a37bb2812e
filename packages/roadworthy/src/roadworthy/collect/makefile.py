"""Makefiles: the targets they define and the commands of their recipes."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.script import CommandLine, ScriptDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import makefile, script_lines

PROVIDES = frozenset({Kind.SCRIPT, Kind.STEP})
_NAMES = ("Makefile", "makefile", "GNUmakefile")


def wants(path: str) -> bool:
    """Files of the names make looks for, and what they include."""
    name = path.rpartition("/")[2]
    return name in _NAMES or name.endswith(".mk")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield targets and the commands that make them; what they need first stands as a call of make."""
    read = makefile.read(file)
    for target in read.targets:
        detail = ScriptDefined("make", file.folder)
        yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(target.name), target.at, role=file.role, detail=detail)
        for need in target.needs:
            use = CommandLine("make", target.name, ("make", need), file.folder, optional=True)
            yield Symbol(Kind.STEP, Action.REFERS, Exact("make"), target.at, role=file.role, detail=use)
        for recipe in target.recipes:
            for line in script_lines.lines(recipe.text, file.folder, stops=True):
                how = "`-` before the command" if recipe.ignores else line.how
                use = CommandLine(
                    "make", target.name, line.words, line.folder, line.optional, bool(how), how, line.writes
                )
                name = Exact(line.words[0])
                yield Symbol(Kind.STEP, Action.REFERS, name, recipe.at, role=file.role, detail=use)
    for reason, at in read.open:
        yield Open(Kind.SCRIPT, "", f"the targets of {file.path}: {reason}", at)
