"""Applications and routers of JavaScript frameworks as one module shows them: what makes them, what adds to them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tree_sitter import Node

from roadworthy.syntax import javascript_demands
from roadworthy.syntax import javascript_middleware as known
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, named, unwrapped

APPLICATIONS = {
    "express": "express",
    "fastify": "fastify",
    "fastify.fastify": "fastify",
    "koa": "koa",
    "hono.Hono": "hono",
    "hono/tiny.Hono": "hono",
    "hono/quick.Hono": "hono",
    "polka": "express",
    "@tinyhttp/app.App": "express",
    "hyper-express.Server": "express",
}
ROUTERS = {
    "express.Router": "express",
    "koa-router": "koa",
    "@koa/router": "koa",
    "@koa/router.Router": "koa",
    "express-promise-router": "express",
    "hyper-express.Router": "express",
}
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all", "del", "any", "ws", "on"})
_ADDING = frozenset({"use", "route", "register", "mount", "basePath"})
RECEIVER = re.compile(r"app|rout|server|fastify|instance|koa|hono|application", re.IGNORECASE)
TYPED = re.compile(r"\b(?:Express|Application|Router|IRouter|FastifyInstance|Hono|Koa|Server)\b")
_NOT_FOUND = re.compile(r"\b404\b|not_?found", re.IGNORECASE)


@lru_cache(maxsize=4)
def made(module: Module) -> frozenset[str]:
    """Return the names of the applications and routers a module makes."""
    calls = (call for call in module.calls if call.name in APPLICATIONS or call.name in ROUTERS)
    return frozenset(paths.bound(module, call.node) for call in calls)


def receiver(module: Module, call: Call) -> tuple[str | None, str]:
    """Return the name of the router a method is called on, None where it is something else, and the method."""
    method = call.name.rpartition(".")[2] if call.name else ""
    called = unwrapped(call.node.child_by_field_name("function"))
    if called is None or called.type != "member_expression":
        return None, method
    method = module.text(called.child_by_field_name("property"))
    if method not in VERBS and method not in _ADDING:
        return None, method
    node = unwrapped(called.child_by_field_name("object"))
    for _ in range(80):
        inner = module.call(node)
        if inner is None or node is None:
            break
        if inner.name in APPLICATIONS or inner.name in ROUTERS:
            return paths.bound(module, node), method
        function = unwrapped(node.child_by_field_name("function"))
        if function is None or function.type != "member_expression":
            break
        step = module.text(function.child_by_field_name("property"))
        if step == "route" and method in VERBS:
            return None, method
        if step not in VERBS and step not in _ADDING and step not in ("after", "withTypeProvider", "addHook"):
            return None, method
        node = unwrapped(function.child_by_field_name("object"))
    return (router(module, node) if node is not None else None), method


def router(module: Module, node: Node) -> str | None:
    """Return the name of what may be a router, as far as one file tells."""
    if node.type not in ("identifier", "member_expression", "this"):
        return None
    name = paths.key(module, node)
    if not name:
        return None
    if name in made(module):
        return name
    last = module.text(node).rpartition(".")[2]
    if node.type == "identifier":
        imported = module.imports.get(last)
        if imported is not None:
            return name if paths.is_own(imported.module) or "/" in imported.module else None
        binding = module.lookup(node)
        if binding is not None:
            value = unwrapped(binding.value)
            if value is None or module.call(value) is None or known.package(module, value) is not None:
                return None
            return paths.key(module, value) if RECEIVER.search(last) else None
        return name if RECEIVER.search(last) or typed(module, node, last) else None
    return name if RECEIVER.search(last) else None


def typed(module: Module, node: Node, own: str) -> bool:
    """Tell whether a parameter is a router by its type, or as that of a plugin which is registered where it stands."""
    for function in enclosing(node, *FUNCTIONS):
        above = function.parent
        if above is not None and above.type == "arguments" and own in paths.parameters(module, function)[:1]:
            call = module.call(above.parent)
            return call is not None and call.method == "register"
        for child in named(function.child_by_field_name("parameters")):
            pattern, kind = child.child_by_field_name("pattern"), child.child_by_field_name("type")
            if pattern is not None and module.text(pattern) == own:
                return TYPED.search(module.text(kind)) is not None
    return False


def each(module: Module, call: Call) -> Iterator[tuple[Node | None, list[Node], Node]]:
    """Yield the path, handlers and place of a call: once, or once for each item of the list a loop goes through."""
    for given, at in _unrolled(module, call):
        first = given[0]
        if len(given) > 1 and is_path(module, first):
            yield first, given[1:], at
        else:
            yield None, given, at


def _unrolled(module: Module, call: Call) -> Iterator[tuple[list[Node], Node]]:
    for argument in call.arguments:
        owner = argument.child_by_field_name("object") if argument.type == "member_expression" else argument
        if owner is None or owner.type != "identifier" or module.lookup(owner) is not None:
            continue
        looped = javascript_demands.looped(module, owner)
        if looped is None:
            continue
        variable = module.text(owner)
        for item in looped[1]:
            yield [_put(module, argument, variable, item) for argument in call.arguments], item
        return
    yield list(call.arguments), call.node


def _put(module: Module, argument: Node, variable: str, item: Node) -> Node:
    if argument.type == "identifier" and module.text(argument) == variable:
        return item
    owner = argument.child_by_field_name("object") if argument.type == "member_expression" else None
    if owner is not None and module.text(owner) == variable:
        found = values.options(module, item).get(module.text(argument.child_by_field_name("property")))
        return found if found is not None else argument
    return argument


def is_path(module: Module, node: Node) -> bool:
    """Tell whether the first argument of `use` is a path, or a list of paths."""
    found = values.resolved(module, node)
    if found is None:
        return False
    if found.type == "array":
        return all(is_path(module, item) for item in named(found))
    if found.type in ("string", "template_string", "regex", "binary_expression"):
        return True
    last = module.text(found).rpartition(".")[2]
    upper = last.isupper() or re.search(r"path|prefix|base|url|route$|endpoint", last, re.IGNORECASE) is not None
    return found.type in ("identifier", "member_expression") and upper


def refuses(module: Module, node: Node) -> bool:
    """Tell whether a handler answers that there is nothing: `res.status(404)`, a function named `notFound`."""
    node = unwrapped(node) or node
    if node.type in FUNCTIONS:
        return _NOT_FOUND.search(module.text(node)) is not None
    return _NOT_FOUND.search(module.dotted(node)) is not None


def is_given(module: Module, node: Node) -> bool:
    """Tell whether an expression is a router that a function was given."""
    if node.type != "identifier" or module.lookup(node) is not None:
        return False
    text = module.text(node)
    if text in module.imports:
        return False
    return re.fullmatch(r"app|router|fastify|application", text) is not None or typed(module, node, text)
