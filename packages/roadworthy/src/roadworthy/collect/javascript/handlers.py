"""Asynchronous handlers of Express: whether an error in one can get out, and who takes it before the router does."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.code import AsyncHandler, HandlerUse, RejectionsCaught
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_awaits import called, unguarded
from roadworthy.syntax.javascript_browser import in_browser, is_tool
from roadworthy.syntax.javascript_tree import named

PROVIDES = frozenset({Kind.CONSTRUCT})

_ROUTING = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all", "use", "param"})
_CATCHING = (
    "express-async-errors",
    "express-promise-router",
    "@awaitjs/express",
    "express-asyncify",
    "express-async-router",
)
_FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
_REQUEST = re.compile(r"_?req(?:uest)?\w*")
_RESPONSE = re.compile(r"_?(?:res|resp|response|reply)\w*")
_NOT_EXPRESS = re.compile(
    r"""["'](?:fastify|koa|@koa/router|koa-router|hono|@nestjs/common|next|next/server|restify)["']"""
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that may hold a handler or give one to a router."""
    speaks = ("async" in file.text and "req" in file.text) or "express" in file.text or "outer" in file.text
    return (
        file.role is not FileRole.TEST
        and speaks
        and not is_tool(file.path)
        and not in_browser(file)
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield asynchronous handlers, what is given to routers by name, and libraries that catch for all of them."""
    module = javascript.module(file)
    for need in module.needed:
        if need.module in _CATCHING:
            yield _symbol(need.module, module.span(need.node), RejectionsCaught(), file)
    if _NOT_EXPRESS.search(file.text):
        return
    inline: set[int] = set()
    express = any(need.module in ("express", "express-serve-static-core") for need in module.needed)
    for call in module.calls:
        if call.method in _ROUTING and len(call.arguments) > 0 and "." in call.name:
            yield from _given(module, call, file, inline, express=express)
    for function in module.of(*_FUNCTIONS):
        if function.id not in inline and _answers(module, function):
            name = _name(module, function)
            if name and not _wrapped(function):
                yield _symbol(name, _place(module, function), _handler(module, function, inline=False), file)


def _symbol(name: str, at: Span, detail: Detail, file: SourceFile) -> Symbol:
    action = Action.REFERS if isinstance(detail, HandlerUse) else Action.DEFINES
    return Symbol(Kind.CONSTRUCT, action, Exact(name), at, role=file.role, detail=detail)


def _given(
    module: javascript.Module, call: javascript.Call, file: SourceFile, inline: set[int], *, express: bool
) -> Iterator[Symbol]:
    path = values.string(module, call.arguments[0]) if call.arguments else None
    route = f"{call.method.upper()} {path}" if path is not None else call.method
    items = [item for node in call.arguments for item in (named(node) if node.type == "array" else (node,))]
    for node in items:
        if node.type in ("arrow_function", "function_expression"):
            if express and _answers(module, node):
                inline.add(node.id)
                yield _symbol(route, _place(module, node), _handler(module, node, inline=True), file)
        elif node.type in ("identifier", "member_expression"):
            yield _symbol(module.dotted(node).rpartition(".")[2], module.span(node), HandlerUse(wrapped=False), file)
        elif node.type == "call_expression":
            inner = module.call(node)
            if inner is not None and inner.method == "bind":
                name = inner.name.removesuffix(".bind").rpartition(".")[2]
                yield _symbol(name, module.span(node), HandlerUse(wrapped=False), file)
                continue
            for argument in inner.arguments if inner is not None else ():
                if argument.type in ("identifier", "member_expression"):
                    name = module.dotted(argument).rpartition(".")[2]
                    yield _symbol(name, module.span(argument), HandlerUse(wrapped=True), file)


def _answers(module: javascript.Module, function: Node) -> bool:
    """Tell whether a function is asynchronous and takes a request and a response."""
    if not any(child.type == "async" for child in function.children):
        return False
    given = [
        module.text(node.child_by_field_name("pattern") or node)
        for node in named(function.child_by_field_name("parameters"))
    ]
    if len(given) == 4:
        given = given[1:]
    return 2 <= len(given) <= 3 and bool(_REQUEST.fullmatch(given[0]) and _RESPONSE.fullmatch(given[1]))


def _handler(module: javascript.Module, function: Node, *, inline: bool) -> AsyncHandler:
    lost = list(unguarded(module, function))
    return AsyncHandler(not lost, inline, module.span(lost[0]) if lost else None, called(module, lost))


def _wrapped(function: Node) -> bool:
    """Tell whether a function is handed to another one where it stands."""
    above = function.parent
    return above is not None and above.type == "arguments"


def _name(module: javascript.Module, function: Node) -> str:
    own = function.child_by_field_name("name")
    above = function.parent
    if (
        own is None
        and above is not None
        and above.type in ("variable_declarator", "public_field_definition", "field_definition")
    ):
        own = above.child_by_field_name("name") or above.child_by_field_name("property")
    elif own is None and above is not None and above.type == "pair":
        own = above.child_by_field_name("key")
    elif own is None and above is not None and above.type == "assignment_expression":
        return module.text(above.child_by_field_name("left")).rpartition(".")[2]
    return module.text(own)


def _place(module: javascript.Module, function: Node) -> Span:
    """Return the place of a function's head."""
    at = module.span(function)
    return Span(at.path, at.line, at.column, at.line, at.column + 4)
