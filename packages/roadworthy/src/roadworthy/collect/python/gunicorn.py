"""gunicorn's configuration file: where it listens, and how many processes serve."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.pool import NumberSet
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.stopping import Drained
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.PORT, Kind.SETTING})

_FILE = re.compile(r"(?:.*/)?[\w.-]*(?:gunicorn|guvicorn)[\w.-]*\.py|(?:.*/)?gunicorn/[\w.-]+\.py")
_SETTINGS = re.compile(r"^(?:bind|workers|worker_class|threads|timeout|accesslog|graceful_timeout)\b", re.MULTILINE)
_ADDRESS = re.compile(r"(?:\[[0-9a-fA-F:]*\]|[\w.*-]*):(\d{1,5})")
_GETTERS = ("os.getenv", "os.environ.get")


def wants(path: str) -> bool:
    """Python files that are named for gunicorn."""
    return _FILE.fullmatch(path) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise one that sets something of gunicorn's."""
    return _SETTINGS.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the port, gunicorn's own where none is set, the number of processes and how long they drain."""
    module = python.module(file)
    bind = module.constants.get("bind")
    if bind is not None or "bind" not in file.text:
        name, variable = _port(module, bind)
        detail = PortUse("code", name="gunicorn", variable=variable)
        at = module.span(bind) if bind is not None else Span(file.path)
        yield Symbol(Kind.PORT, Action.DEFINES, name, at, phase="script", role=file.role, detail=detail)
    match module.constants.get("graceful_timeout"):
        case ast.Constant(value=int(seconds)) as node if not isinstance(seconds, bool):
            yield Symbol(
                Kind.SETTING, Action.DEFINES, Exact("graceful_timeout"), module.span(node), role=file.role,
                detail=Drained("gunicorn", seconds),
            )  # fmt: skip
    match module.constants.get("workers"):
        case ast.Constant(value=int(number)) as node if not isinstance(number, bool):
            yield Symbol(
                Kind.SETTING, Action.DEFINES, Exact("gunicorn workers"), module.span(node), phase="script",
                role=file.role, detail=NumberSet(number),
            )  # fmt: skip


def _port(module: python.Module, bind: ast.expr | None) -> tuple[Name, str]:
    if bind is None:
        return Exact("8000"), "PORT"
    first = bind.elts[0] if isinstance(bind, ast.List | ast.Tuple) and bind.elts else bind
    name = module.name(first)
    if isinstance(name, Exact):
        found = _ADDRESS.fullmatch(name.text)
        if found is not None:
            return Exact(found[1]), ""
        if re.fullmatch(r"[\d.]+", name.text):
            return Exact("8000"), ""
        return Unreadable("gunicorn listens on a socket that is no port"), ""
    variables: list[tuple[str, str]] = []
    for node in walk(first):
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(variable)), *rest]) if (
                module.dotted(func) in _GETTERS
            ):
                default = rest[0].value if rest and isinstance(rest[0], ast.Constant) else None
                variables.append((variable, str(default) if default is not None else ""))
    if len(variables) == 1:
        variable, default = variables[0]
        stated = _ADDRESS.fullmatch(default)
        number = stated[1] if stated is not None else default
        if number.isdecimal() and stated is None:
            return Exact(number), variable
    return Unreadable("gunicorn's configuration computes where it listens"), ""
