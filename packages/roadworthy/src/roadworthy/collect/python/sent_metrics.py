"""Metrics that Python code hands to a client of its own or of others, by their names: `metrics.counter("orders", …)`."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.METRIC})

_SENDING = frozenset({"counter", "gauge", "timer", "timing", "increment", "incr", "histogram", "distribution"})
_CLIENT = re.compile(r"metric|stats|telemetry|datadog|meter", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][\w.:-]*")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that calls such a method of something."""
    return any(f".{method}(" in file.text for method in _SENDING) and _CLIENT.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one opening for the first metric a module hands on as a statement of its own."""
    module = python.module(file)
    for statement in module.of(ast.Expr):
        match statement.value:
            case ast.Call(
                func=ast.Attribute(value=ast.Name() | ast.Attribute() as client, attr=method),
                args=[ast.Constant(value=str(name)), *_],
            ) if method in _SENDING and _NAME.fullmatch(name):
                dotted = module.dotted(client)
                if _CLIENT.search(dotted):
                    reason = f"`{ast.unparse(client)}.{method}` hands metrics to what is not read"
                    yield Open(Kind.METRIC, "", reason, module.span(statement))
                    return
