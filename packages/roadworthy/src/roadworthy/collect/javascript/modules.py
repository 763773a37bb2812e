"""Which modules a file of JavaScript needs, and the names it has for what can be a port."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.module import ModulesNeeded, PortNamed
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript, javascript_ports
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import named, unwrapped

PROVIDES = frozenset({Kind.PORT})

_PORT = re.compile(r"port$", re.IGNORECASE)
_NEEDING = re.compile(r"\b(?:import|require|export)\b")
_MAXIMUM_DEPTH = 3


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that needs others, or names a port."""
    return file.role is FileRole.PROD and _NEEDING.search(file.text) is not None and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the modules that are needed at run time, and every name that ends in `port`."""
    module = javascript.module(file)
    modules = dict.fromkeys(paths.located(file.path, one.module) for one in module.needed if not one.types)
    own = tuple(one for one in modules if paths.is_own(one))
    if own:
        yield Symbol(
            Kind.CONSTRUCT,
            Action.REFERS,
            Exact(file.path),
            Span(file.path),
            role=file.role,
            detail=ModulesNeeded(own),
        )
    if "port" in file.text or "PORT" in file.text:
        yield from _ports(file, module)


def _ports(file: SourceFile, module: Module) -> Iterator[Symbol]:
    for node in module.of("variable_declarator"):
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is not None and target.type == "identifier" and value is not None:
            yield from _named(file, module, f"{file.path}:{module.text(target)}", value, 0)
    for export in module.exports:
        if not export.name and export.node is not None and export.node.type == "object":
            yield from _named(file, module, f"{file.path}:default", export.node, 0)
        elif not export.name and export.node is not None and export.node.type == "arrow_function":
            # What `ConfigModule.forRoot({load: [configuration]})` loads.
            body = _returned(module, export.node)
            if body is not None and body.type == "object":
                for key, value in values.entries(module, body):
                    yield from _named(file, module, f"config:{key}", value, 0)
    for call in module.calls:
        if call.name == "@nestjs/config.registerAs" and len(call.arguments) > 1:
            given = values.string(module, call.arguments[0])
            body = _returned(module, call.arguments[1])
            if given is not None and body is not None:
                yield from _named(file, module, f"config:{given}", body, 0)


def _returned(module: Module, function: Node) -> Node | None:
    body = unwrapped(function.child_by_field_name("body"))
    if body is not None and body.type == "statement_block":
        returns = module.below(body, "return_statement")
        body = unwrapped(next(iter(named(returns[-1])), None)) if returns else None
    return body


def _named(file: SourceFile, module: Module, name: str, value: Node, depth: int) -> Iterator[Symbol]:
    inner = unwrapped(value)
    if inner is None:
        return
    found = inner
    if inner.type == "call_expression":
        call = module.call(inner)
        if call is not None and call.name in ("Object.freeze", "defineConfig") and call.arguments:
            found = unwrapped(call.arguments[0]) or inner
    if found.type == "object" and depth < _MAXIMUM_DEPTH:
        for key, node in values.entries(module, found):
            if _PORT.search(key) or (unwrapped(node) or node).type == "object":
                yield from _named(file, module, f"{name}.{key}", node, depth + 1)
        return
    if not _PORT.search(name):
        return
    port = javascript_ports.port(module, inner)
    if port != javascript_ports.NOTHING and port.reference != name:
        detail = PortNamed(port.number, port.variable, port.reference)
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(inner), role=file.role, detail=detail)
