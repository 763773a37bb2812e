"""Handlers of routes that only say that they are not there yet."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.release import Marker
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python import Function
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route", "websocket", "api_view"}
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules that raise NotImplementedError."""
    return "NotImplementedError" in file.text and "@" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each handler whose own body raises NotImplementedError whatever it is asked."""
    module = python.module(file)
    for node in walk(module.tree):
        if isinstance(node, Function) and any(_routes(decorator) for decorator in node.decorator_list):
            last = node.body[-1]
            if isinstance(last, ast.Raise) and last.exc is not None and _unfinished(last.exc):
                detail = Marker("raise NotImplementedError", 0, node.name)
                yield Symbol(
                    Kind.CONSTRUCT,
                    Action.DEFINES,
                    Exact(node.name),
                    module.span(last),
                    "",
                    "unfinished",
                    file.role,
                    detail,
                )


def _routes(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return isinstance(decorator, ast.Call) and name in _VERBS


def _unfinished(node: ast.expr) -> bool:
    named = node.func if isinstance(node, ast.Call) else node
    return isinstance(named, ast.Name) and named.id == "NotImplementedError"
