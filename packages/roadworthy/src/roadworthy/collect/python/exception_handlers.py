"""Exceptions of its own that a Python application turns into answers, whichever handler raises them."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = ("exception_handler", "errorhandler", "exception_handlers", "EXCEPTION_HANDLER", "process_exception")
_TAKING = frozenset({"exception_handler", "add_exception_handler", "errorhandler", "app_errorhandler"})
_GENERAL = frozenset(
    {"Exception", "HTTPException", "RequestValidationError", "ValidationError", "StarletteHTTPException"}
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that hands exceptions to handlers."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each exception, or that which ones they are is not seen."""
    module = python.module(file)

    def symbol(name: str, at: ast.expr | ast.stmt) -> Symbol:
        detail = Construct("exception-handler", None, f"`{name}` is turned into an answer here")
        return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(at), role=file.role, detail=detail)

    for call, dotted in module.calls:
        if dotted.rpartition(".")[2] in _TAKING and call.args:
            name = module.dotted(call.args[0]).rpartition(".")[2]
            if name not in _GENERAL and not isinstance(call.args[0], ast.Constant):
                yield symbol(name or "an exception", call)
        elif any(keyword.arg == "exception_handlers" for keyword in call.keywords):
            yield symbol("exception_handlers", call)
    for function in module.functions:
        if function.name == "process_exception":
            yield symbol("process_exception", function)
