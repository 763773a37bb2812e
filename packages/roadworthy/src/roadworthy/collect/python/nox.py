"""noxfile.py: its sessions and the commands they run."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.script import CommandLine, ScriptDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.SCRIPT, Kind.STEP})


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == "noxfile.py"


def recognises(file: SourceFile) -> bool:
    """Every file of the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield sessions and the commands whose words are plain texts, as far as they are."""
    module = python.module(file)
    for node in module.tree.body:
        if not isinstance(node, python.Function) or not any("session" in ast.unparse(d) for d in node.decorator_list):
            continue
        detail = ScriptDefined("nox", file.folder)
        yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(node.name), module.span(node), role=file.role, detail=detail)
        for call in module.below(node):
            match call:
                case ast.Call(func=ast.Attribute(attr="run" | "run_always"), args=[ast.Constant(value=str()), *_]):
                    words = tuple(
                        a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "$_" for a in call.args
                    )
                    use = CommandLine("task", node.name, words, file.folder)
                    at = module.span(call)
                    yield Symbol(Kind.STEP, Action.REFERS, Exact(words[0]), at, role=file.role, detail=use)
