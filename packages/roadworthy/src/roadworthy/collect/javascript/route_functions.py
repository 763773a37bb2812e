"""Functions of JavaScript modules that matter to routes: those that get a router, give one, or only pass requests on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import NameImported, RouterDeclared, RouterIncluded
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_middleware as known
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_routers as routers
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, named, unwrapped

PROVIDES = frozenset({Kind.PATH})

_ROUTING = re.compile(r"app|rout|fastify|server|instance|next|nxt|done|cb|req|(?:,[^,]*){3}|hono|koa", re.IGNORECASE)
_WORDS = ("app", "oute", "fastify", "koa", "hono", "next", "req", "erver")
_LISTED = ("variable_declarator", "return_statement", "arrow_function", "export_statement")
_ITEMS = ("identifier", "member_expression", "call_expression", *FUNCTIONS)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that routers and their functions go by."""
    component = file.suffix in (".tsx", ".jsx") and "hono" not in file.text and "express" not in file.text
    found = not component and any(word in file.text for word in _WORDS)
    return found and file.role is FileRole.PROD and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield functions and lists of handlers by their names, and the functions a router is handed to."""
    module = javascript.module(file)
    reader = _Reader(file, module)
    for call in module.calls:
        yield from reader.handed(call)
    yield from reader.functions()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: Module

    def _symbol(self, name: str, detail: Detail, at: Node, *, refers: bool = False) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.CONSTRUCT, action, Exact(name), self.module.span(at), role=self.file.role, detail=detail)

    def handed(self, call: Call) -> Iterator[Statement]:
        """Yield that a router is handed to a function, which may add to it: `addRoutes(app)`."""
        for argument in call.arguments:
            inner = unwrapped(argument)
            if inner is None or inner.type not in ("identifier", "member_expression"):
                continue
            if not routers.made(self.module) and not routers.RECEIVER.search(self.module.text(inner)):
                continue
            name = paths.key(self.module, inner)
            if name not in routers.made(self.module) and not (name and routers.is_given(self.module, inner)):
                continue
            called = unwrapped(
                call.node.child_by_field_name("function") or call.node.child_by_field_name("constructor")
            )
            package = known.package(self.module, called)
            if package is None:
                target = paths.key(self.module, called)
                if target.rpartition(":")[2].startswith(("module.", "console.", "process.", "Object.")):
                    continue
                yield self._symbol(name, RouterIncluded(target or None), call.node, refers=True)
            elif not known.leaves_alone(package, call.name):
                reason = f"what {package} adds to the application is not known"
                yield Open(Kind.PATH, "", reason, self.module.span(call.node))

    def functions(self) -> Iterator[Statement]:
        """Yield the functions that get a router, those that only pass requests on, and what each returns."""
        for function in self.module.of(*FUNCTIONS):
            listed = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
            text = self.module.text(listed)
            if not _ROUTING.search(text):
                continue
            given = paths.parameters(self.module, function)
            routed = any(re.fullmatch(r"app|router|fastify|server|instance|application", name) for name in given)
            if routed or routers.TYPED.search(text):
                yield self._symbol(paths.bound(self.module, function), RouterDeclared("router", "function"), function)
            elif known.passes_on(given) or (
                len(given) == 2 and given[0].strip("_")[:3] == "req" and routers.refuses(self.module, function)
            ):
                yield self._symbol(paths.bound(self.module, function), RouterDeclared("router", "middleware"), function)
        for node in self.module.of("return_statement"):
            value = unwrapped(next(iter(named(node)), None))
            if value is None or value.type not in ("identifier", "member_expression"):
                continue
            target = paths.key(self.module, value)
            if target in routers.made(self.module) or routers.RECEIVER.search(self.module.text(value)):
                function_around = next(enclosing(node, *FUNCTIONS), None)
                own = paths.bound(self.module, function_around) if function_around is not None else ""
                if own and target and target != own and "#" not in own:
                    yield self._symbol(own, NameImported(target), node, refers=True)
        for node in self.module.of("array"):
            yield from self._listed(node)
        for node in self.module.of("variable_declarator", "public_field_definition"):
            value = unwrapped(node.child_by_field_name("value"))
            call = self.module.call(value)
            if call is None or value is None or paths.bound(self.module, value) in routers.made(self.module):
                continue
            package = known.package(self.module, value)
            if package is not None and known.serves(package, call.name) == known.NOTHING:
                yield self._symbol(paths.bound(self.module, value), RouterDeclared("router", "middleware"), node)

    def _listed(self, node: Node) -> Iterator[Statement]:
        """Yield a list of handlers that has a name or is what a function gives."""
        items = named(node)
        above = node.parent
        if above is None or above.type not in _LISTED:
            return
        if not 0 < len(items) <= 20 or any(item.type not in _ITEMS for item in items):
            return
        own = paths.bound(self.module, node)
        yield self._symbol(own, RouterDeclared("router", "list"), node)
        for item in items:
            package = known.package(self.module, item)
            if item.type not in FUNCTIONS and (package is None or known.serves(package, "") != known.NOTHING):
                inner = paths.key(self.module, item) if package is None else ""
                yield self._symbol(own, RouterIncluded(inner or None), item, refers=True)
