"""Ports that Python code opens: `uvicorn.run(port=…)`, `app.run(port=…)`, `start_http_server(…)`.

A server started below `if __name__ == "__main__"` listens only when that file is what is started: its port is stated in
phase "script".
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.port import PortUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol, Unreadable
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.PORT})


@dataclass(frozen=True, slots=True)
class _Server:
    """Where a call takes its port from, and what it is without one."""

    position: int
    default: int | None


_CALLS = {
    "uvicorn.run": _Server(99, 8000),
    "aiohttp.web.run_app": _Server(99, 8080),
    "waitress.serve": _Server(99, 8080),
    "bottle.run": _Server(99, 8080),
    "werkzeug.serving.run_simple": _Server(1, None),
    "wsgiref.simple_server.make_server": _Server(1, None),
    "prometheus_client.start_http_server": _Server(0, None),
    "prometheus_client.exposition.start_http_server": _Server(0, None),
    "prometheus_client.start_wsgi_server": _Server(0, None),
}
_APPLICATIONS = {"flask.Flask": 5000, "quart.Quart": 5000, "sanic.Sanic": 8000, "bottle.Bottle": 8080}
_GETTERS = {"os.getenv", "os.environ.get"}


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that may start a server."""
    return any(
        word in file.text for word in (".run(", "run_app", "start_http_server", "serve(", "make_server", "run_simple")
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the port of every server the module starts."""
    module = python.module(file)
    applications = _applications(module)
    guarded = {id(n) for guard in module.tree.body if _is_guard(guard) for n in walk(guard)}
    for node, dotted in module.calls:
        server = _CALLS.get(dotted)
        owner, _, called = dotted.rpartition(".")
        if server is None and called == "run" and owner in applications:
            server = _Server(99, applications[owner])
        if server is not None:
            metrics = "start_" in dotted
            yield from _port(module, file, node, server, "run" if metrics and id(node) not in guarded else "script")


def _applications(module: python.Module) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in module.of(ast.Assign):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)):
                if (kind := module.dotted(func)) in _APPLICATIONS:
                    found[name] = _APPLICATIONS[kind]
    return found


def _is_guard(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and node.test.left.id == "__name__"
    )


def _port(module: python.Module, file: SourceFile, call: ast.Call, server: _Server, phase: str) -> Iterator[Statement]:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in keywords or "sock" in keywords or "uds" in keywords or "fd" in keywords:
        yield _unreadable(module.span(call), phase, file)
        return
    given = keywords.get("port") or (call.args[server.position] if len(call.args) > server.position else None)
    variable, port = _read(module, given) if given is not None else ("", server.default)
    at = module.span(given if given is not None else call)
    if port is None:
        yield _unreadable(at, phase, file)
        return
    detail = PortUse("code", name=module.dotted(call.func), variable=variable)
    yield Symbol(Kind.PORT, Action.DEFINES, Exact(str(port)), at, phase=phase, role=file.role, detail=detail)


def _unreadable(at: Span, phase: str, file: SourceFile) -> Statement:
    reason = "the code opens a port that cannot be read"
    if phase == "run":
        return Open(Kind.PORT, "", reason, at)
    detail = PortUse("code")
    return Symbol(Kind.PORT, Action.DEFINES, Unreadable(reason), at, phase=phase, role=file.role, detail=detail)


def _read(module: python.Module, node: ast.expr, depth: int = 0) -> tuple[str, int | None]:
    """Return the variable a port is taken from and its number, or the number without the variable."""
    match node:
        case ast.Constant(value=int(number)) if not isinstance(node.value, bool):
            return "", number
        case ast.Constant(value=str(text)) if text.isdecimal() and len(text) < 6:
            return "", int(text)
        case ast.Name(id=id_) if id_ in module.constants and depth < 4:
            return _read(module, module.constants[id_], depth + 1)
        case ast.Call(func=ast.Name(id="int"), args=[inner]) if depth < 4:
            return _read(module, inner, depth + 1)
        case ast.Call(func=func, args=[ast.Constant(value=str(variable)), default]) if module.dotted(func) in _GETTERS:
            return variable, _read(module, default, depth + 1)[1]
        case ast.BoolOp(op=ast.Or(), values=[ast.Call() as inner, default]) if depth < 4:
            return _read_or(module, inner), _read(module, default, depth + 1)[1]
    return "", None


def _read_or(module: python.Module, call: ast.Call) -> str:
    match call:
        case ast.Call(func=func, args=[ast.Constant(value=str(variable)), *_]) if module.dotted(func) in _GETTERS:
            return variable
    return ""
