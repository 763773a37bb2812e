"""How long a task of Celery may take at most."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.stopping import Drained
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.SETTING})

_NAMES = frozenset({"CELERY_TASK_TIME_LIMIT", "CELERYD_TASK_TIME_LIMIT", "task_time_limit"})


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise the name of the setting, unless tasks are taken up again by another worker."""
    late = "acks_late" in file.text or "ACKS_LATE" in file.text
    return not late and any(name in file.text for name in _NAMES)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each limit that is a plain number, or a product of numbers."""
    module = python.module(file)
    for node in module.of(ast.Assign):
        for target in node.targets:
            name = (
                target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
            )
            seconds = _number(node.value)
            if name in _NAMES and seconds is not None:
                detail = Drained("celery", seconds)
                yield Symbol(
                    Kind.SETTING, Action.DEFINES, Exact(name), module.span(node), role=file.role, detail=detail
                )


def _number(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return min(value, 10**6)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _number(left), _number(right)
            return None if one is None or other is None else min(one * other, 10**6)
    return None
