"""Ports that JavaScript code opens: `app.listen(PORT)`, `server.listen({port})`, `Bun.serve({port})`, `serve({fetch, port})`.

A file listens only when it is started, directly or by what imports it: its port is stated in phase "script".
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.module import PortTaken
from roadworthy.model.detail.port import PortUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript, javascript_ports
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, unwrapped

PROVIDES = frozenset({Kind.PORT})

_LISTENERS = re.compile(
    r"app|server|fastify|http|instance|koa|hono|api|service|express|nest|health|metrics|admin", re.IGNORECASE
)
_SERVES = {"Bun.serve": 3000, "@hono/node-server.serve": 3000, "Deno.serve": 8000}
_CLIENTS = frozenset({"msw", "nock", "electron"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that may start a server."""
    return (
        file.role is FileRole.PROD
        and (".listen(" in file.text or "serve(" in file.text)
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the port of every server the module starts."""
    module = javascript.module(file)
    for call in module.calls:
        if call.name in _SERVES:
            options = values.options(module, call.arguments[0]) if call.arguments else {}
            whole = values.resolved(module, call.arguments[0]) if call.arguments else None
            hidden = whole is None or whole.type != "object" or values.is_open(module, whole)
            yield _stated(module, file, call, options.get("port"), None if hidden else _SERVES[call.name])
        elif _method(module, call) == "listen" and _is_server(module, call):
            yield from _listen(module, file, call)


def _method(module: Module, call: Call) -> str:
    called = unwrapped(call.node.child_by_field_name("function"))
    if called is None or called.type != "member_expression":
        return ""
    return module.text(called.child_by_field_name("property"))


def _is_server(module: Module, call: Call) -> bool:
    """Tell a server from what else can be listened to, by its name and by what it is given."""
    if not call.arguments:
        return False
    root = call.name.partition(".")[0]
    if root in _CLIENTS or call.arguments[0].type in FUNCTIONS or len(call.arguments) > 4:
        return False
    owner = call.name.removesuffix(".listen").rpartition(".")[2] or module.text(call.node)[:200]
    return _LISTENERS.search(owner) is not None or call.arguments[0].type in ("number", "object")


def _listen(module: Module, file: SourceFile, call: Call) -> Iterator[Statement]:
    first = values.resolved(module, call.arguments[0])
    if first is not None and first.type == "object":
        options = values.options(module, first)
        if "path" in options or "fd" in options:
            return
        # Fastify takes a port of the system's choice where none is given.
        hidden = values.is_open(module, first) or "port" not in options
        yield _stated(module, file, call, options.get("port"), None, hidden=hidden)
        return
    if first is not None and first.type in ("string", "template_string"):
        text = values.string(module, first) or ""
        if text.startswith(("/", "\\\\.")):
            return
    yield _stated(module, file, call, call.arguments[0], None)


def _stated(
    module: Module, file: SourceFile, call: Call, node: Node | None, default: int | None, *, hidden: bool = False
) -> Symbol:
    at = module.span(node if node is not None else call.node)
    found = javascript_ports.port(module, node) if node is not None else javascript_ports.Port(default)
    program = (call.name or "listen")[:60]
    if found.reference and found.number is None:
        detail = PortTaken(program)
        return Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(found.reference), at, role=file.role, detail=detail)
    use = PortUse("code", name=program, variable=found.variable)
    unread = Unreadable("the code opens a port that cannot be read")
    said = Exact(str(found.number)) if found.number is not None and not hidden else unread
    return Symbol(Kind.PORT, Action.DEFINES, said, at, phase="script", role=file.role, detail=use)
