"""HTTP routes of Express, Fastify, Koa, Hono and their like as one module states them; link puts the modules together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import NameImported, PathText, RouteDeclared, RouterDeclared, RouterIncluded
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript, javascript_demands
from roadworthy.syntax import javascript_middleware as known
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, literal, named, unwrapped

PROVIDES = frozenset({Kind.PATH})

_APPLICATIONS = {
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
_ROUTERS = {
    "express.Router": "express",
    "koa-router": "koa",
    "@koa/router": "koa",
    "@koa/router.Router": "koa",
    "express-promise-router": "express",
    "hyper-express.Router": "express",
}
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all", "del", "any", "ws", "on"})
_ADDING = frozenset({"use", "route", "register", "mount", "basePath"})
_HANDLING = frozenset(
    {"arrow_function", "function_expression", "identifier", "member_expression", "call_expression", "array"}
    | {"spread_element", "as_expression", "subscript_expression"}
)
_NOT_FOUND = re.compile(r"\b404\b|not_?found", re.IGNORECASE)
_RECEIVER = re.compile(r"app|rout|server|fastify|instance|koa|hono|application", re.IGNORECASE)
_TYPED = re.compile(r"\b(?:Express|Application|Router|IRouter|FastifyInstance|Hono|Koa|Server)\b")
_ROUTING = re.compile(
    r"app|rout|fastify|server|instance|next|nxt|done|cb|req|(?:,[^,]*){3}|Express|Hono|Koa|Application", re.IGNORECASE
)
_WORDS = (
    *("express", "fastify", "koa", "hono", "outer", "polka", "tinyhttp", ".use(", ".get(", "createServer", "req.url"),
    *("next", "(app"),
)
_HANDED_ON = re.compile(r"export\s*(?:\*|\{[^{}]*\})\s*from|exports\S*\s*=\s*require|exports\s*=\s*\{|export\s+default")
_PREFIX = re.compile(r"[=:(?|]\s*[\"'`]/[\w{$]")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of routes, hands names on, or holds a text that may be the prefix of some."""
    text = file.text
    found = any(word in text for word in _WORDS) or _HANDED_ON.search(text) or _PREFIX.search(text)
    return bool(found) and file.role is FileRole.PROD and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield applications, routers, routes, inclusions, names handed on and texts that may be prefixes."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    reader = _Reader(file, module)
    yield from reader.texts()
    yield from reader.exported()
    for call in module.calls:
        yield from reader.called(call)
    yield from reader.functions()
    yield from reader.compared()
    yield from reader.unread()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: Module
    made: set[str] = field(default_factory=set)

    def _symbol(self, name: str, detail: Detail, at: Node, *, refers: bool = False) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.CONSTRUCT, action, Exact(name), self.module.span(at), role=self.file.role, detail=detail)

    def texts(self) -> Iterator[Symbol]:
        """Yield the constants that may be a path or prefix, by the names other modules know them by."""
        for node in self.module.of("variable_declarator"):
            target, value = node.child_by_field_name("name"), unwrapped(node.child_by_field_name("value"))
            if target is None or target.type != "identifier" or value is None:
                continue
            yield from self._text(f"{self.file.path}:{self.module.text(target)}", value, 0)
        for export in self.module.exports:
            if not export.name and export.node is not None and export.node.type == "object":
                yield from self._text(f"{self.file.path}:default", export.node, 0)
        for node in self.module.of("binary_expression"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if (
                right is not None
                and right.type == "string"
                and paths.may_be_path(literal(self.module.tree, right) or "")
            ):
                variable = values.variable(self.module, left)
                if variable is not None:
                    text = PathText(literal(self.module.tree, right) or "")
                    yield self._symbol(f"{self.file.path}:env.{variable}", text, right)

    def _text(self, name: str, value: Node, depth: int) -> Iterator[Symbol]:
        if value.type == "object" and depth < 3 and value.end_byte - value.start_byte < 10_000:
            for inner, node in values.entries(self.module, value):
                found = unwrapped(node)
                if found is not None and found.type in ("string", "template_string", "object", "binary_expression"):
                    yield from self._text(f"{name}.{inner}", found, depth + 1)
        elif value.type in ("string", "template_string") or (value.type == "binary_expression" and depth < 3):
            text = paths.text(self.module, value)
            plain = literal(self.module.tree, value)
            if text is not None and (paths.may_be_path(plain) if plain is not None else text.startswith(("/", "${"))):
                yield self._symbol(name, PathText(text), value)

    def exported(self) -> Iterator[Symbol]:
        """Yield the names that this module hands on from others, or under another name than its own."""
        path = self.file.path
        for export in self.module.exports:
            name = f"{path}:{export.name or 'default'}"
            if export.source:
                source = paths.located(path, export.source)
                target = f"{source}:{'*' if export.name == '*' else export.imported or 'default'}"
            else:
                node = unwrapped(export.node)
                if node is not None and node.type == "object" and not export.name:
                    for inner, value in values.entries(self.module, node):
                        held = self._declared(unwrapped(value), f"{name}.{inner}")
                        if held and held != f"{name}.{inner}":
                            yield self._symbol(f"{name}.{inner}", NameImported(held), value, refers=True)
                    continue
                target = self._declared(node, name)
            if target and target != name:
                yield self._symbol(name, NameImported(target), export.at, refers=True)

    def _declared(self, node: Node | None, name: str) -> str:
        if node is None:
            return ""
        if node.type in ("call_expression", "new_expression"):
            root = self.module.dotted(node).partition(".")[0].partition("()")[0]
            own = self.module.call(node) is not None and known.package(self.module, node) is None
            declared = self.module.bindings(root) or root in self.module.imports or "require" in self.module.text(node)
            if not own or not (declared or paths.is_own(root) or self.module.dotted(node).startswith(("/", "."))):
                bound = paths.bound(self.module, node)
                return bound if bound != name else ""
        if node.type in ("function_declaration", "class_declaration", "generator_function_declaration"):
            named_as = self.module.text(node.child_by_field_name("name"))
            return f"{self.file.path}:{named_as}" if named_as else ""
        kinds = (
            "identifier",
            "shorthand_property_identifier",
            "member_expression",
            "call_expression",
            "new_expression",
        )
        if node.type in kinds:
            return paths.key(self.module, node) or paths.bound(self.module, node)
        return ""

    def called(self, call: Call) -> Iterator[Statement]:
        """Yield the router a call makes, or what it adds to one."""
        framework = _APPLICATIONS.get(call.name) or _ROUTERS.get(call.name)
        if framework is not None:
            form = "application" if call.name in _APPLICATIONS else "router"
            name = paths.bound(self.module, call.node)
            self.made.add(name)
            options = values.options(self.module, call.arguments[0]) if call.arguments else {}
            prefix = paths.text(self.module, options["prefix"]) if "prefix" in options else ""
            yield self._symbol(name, RouterDeclared(form, framework, prefix), call.node)
            return
        base, method = self._receiver(call)
        if method in _VERBS and len(call.arguments) > 1:
            if base is not None and call.arguments[-1].type in _HANDLING:
                yield from self._verb(base, method, call)
        elif method == "route" and base is not None and call.arguments:
            yield from self._route(base, call)
        elif method in ("use", "mount", "register") and base is not None and call.arguments:
            for path, rest, at in self._each(call):
                yield from self._used(base, path, rest, at, method)
        elif method == "basePath" and base is not None and call.arguments:
            prefix = paths.text(self.module, call.arguments[0])
            yield self._symbol(base, RouterDeclared("application", "hono", prefix), call.node)
        else:
            yield from self._handed(call)

    def _receiver(self, call: Call) -> tuple[str | None, str]:
        """Return the name of the router a method is called on, None where it is something else, and the method."""
        method = call.name.rpartition(".")[2] if call.name else ""
        called = unwrapped(call.node.child_by_field_name("function"))
        if called is None or called.type != "member_expression":
            return None, method
        method = self.module.text(called.child_by_field_name("property"))
        if method not in _VERBS and method not in _ADDING:
            return None, method
        node = unwrapped(called.child_by_field_name("object"))
        for _ in range(80):
            inner = self.module.call(node)
            if inner is None or node is None:
                break
            if inner.name in _APPLICATIONS or inner.name in _ROUTERS:
                return paths.bound(self.module, node), method
            function = unwrapped(node.child_by_field_name("function"))
            if function is None or function.type != "member_expression":
                break
            step = self.module.text(function.child_by_field_name("property"))
            if step == "route" and method in _VERBS:
                return None, method
            if step not in _VERBS and step not in _ADDING and step not in ("after", "withTypeProvider", "addHook"):
                return None, method
            node = unwrapped(function.child_by_field_name("object"))
        return (self._router(node) if node is not None else None), method

    def _router(self, node: Node) -> str | None:
        """Return the name of what may be a router, as far as one file tells."""
        if node.type not in ("identifier", "member_expression", "this"):
            return None
        name = paths.key(self.module, node)
        if not name:
            return None
        if name in self.made:
            return name
        last = self.module.text(node).rpartition(".")[2]
        if node.type == "identifier":
            imported = self.module.imports.get(last)
            if imported is not None:
                return name if paths.is_own(imported.module) or "/" in imported.module else None
            binding = self.module.lookup(node)
            if binding is not None:
                made = unwrapped(binding.value)
                if made is None or self.module.call(made) is None or known.package(self.module, made) is not None:
                    return None
                return paths.key(self.module, made) if _RECEIVER.search(last) else None
            return name if _RECEIVER.search(last) or self._typed(node, last) else None
        return name if _RECEIVER.search(last) else None

    def _typed(self, node: Node, own: str) -> bool:
        """Tell whether a parameter is a router by its type, or as that of a plugin which is registered where it stands."""
        for function in enclosing(node, *FUNCTIONS):
            above = function.parent
            if above is not None and above.type == "arguments" and own in paths.parameters(self.module, function)[:1]:
                call = self.module.call(above.parent)
                return call is not None and call.method == "register"
            for child in named(function.child_by_field_name("parameters")):
                pattern, kind = child.child_by_field_name("pattern"), child.child_by_field_name("type")
                if pattern is not None and self.module.text(pattern) == own:
                    return _TYPED.search(self.module.text(kind)) is not None
        return False

    def _each(self, call: Call) -> Iterator[tuple[Node | None, list[Node], Node]]:
        """Yield the path, handlers and place of a call: once, or once for each item of the list a loop goes through."""
        for given, at in self._unrolled(call):
            first = given[0]
            if len(given) > 1 and self._is_path(first):
                yield first, given[1:], at
            else:
                yield None, given, at

    def _unrolled(self, call: Call) -> Iterator[tuple[list[Node], Node]]:
        for argument in call.arguments:
            owner = argument.child_by_field_name("object") if argument.type == "member_expression" else argument
            if owner is None or owner.type != "identifier" or self.module.lookup(owner) is not None:
                continue
            looped = javascript_demands.looped(self.module, owner)
            if looped is None:
                continue
            variable = self.module.text(owner)
            for item in looped[1]:
                yield [self._put(argument, variable, item) for argument in call.arguments], item
            return
        yield list(call.arguments), call.node

    def _put(self, argument: Node, variable: str, item: Node) -> Node:
        if argument.type == "identifier" and self.module.text(argument) == variable:
            return item
        owner = argument.child_by_field_name("object") if argument.type == "member_expression" else None
        if owner is not None and self.module.text(owner) == variable:
            found = values.options(self.module, item).get(self.module.text(argument.child_by_field_name("property")))
            return found if found is not None else argument
        return argument

    def _is_path(self, node: Node) -> bool:
        found = values.resolved(self.module, node)
        if found is None:
            return False
        if found.type == "array":
            return all(self._is_path(item) for item in named(found))
        if found.type in ("string", "template_string", "regex", "binary_expression"):
            return True
        last = self.module.text(found).rpartition(".")[2]
        upper = last.isupper() or re.search(r"path|prefix|base|url|route$|endpoint", last, re.IGNORECASE) is not None
        return found.type in ("identifier", "member_expression") and upper

    def _paths(self, node: Node | None) -> list[tuple[str | None, Node | None]]:
        found = values.resolved(self.module, node)
        if found is not None and found.type == "array":
            return [(paths.text(self.module, item), item) for item in named(found)]
        return [(paths.text(self.module, node) if node is not None else "", node)]

    def _verb(self, base: str, method: str, call: Call) -> Iterator[Symbol]:
        given = list(call.arguments)
        if method == "on":
            if len(given) < 3:
                return
            given = given[1:]
        handler = self.module.dotted(given[-1]).rpartition(".")[2]
        methods = (method.upper(),) if method in ("get", "post", "put", "patch", "delete", "head", "options") else ()
        for path, at in self._paths(given[0]):
            if path in ("*", "**", "/*", "/**", "**/*") and (method == "options" or self._refuses(given[-1])):
                continue
            if path is not None and not path.startswith(("/", "${", "*")) and path != "" and self._foreign(path, given):
                continue
            yield self._symbol(base, RouteDeclared(path, methods, handler=handler), at or call.node)

    def _foreign(self, path: str, given: list[Node]) -> bool:
        """Tell whether a path without a slash is none: a key of something else that has a method of this name."""
        return given[-1].type not in ("arrow_function", "function_expression")

    def _route(self, base: str, call: Call) -> Iterator[Statement]:
        first, node = call.arguments[0], call.node
        if first.type == "object":
            yield from self._described(base, call)
            return
        if len(call.arguments) > 1:
            # Hono puts another application below a path.
            yield from self._used(base, first, list(call.arguments[1:]), call.node, "route")
            return
        methods: list[str] = []
        for _ in range(20):
            member = node.parent
            outer = (
                self.module.call(member.parent) if member is not None and member.type == "member_expression" else None
            )
            if outer is None:
                break
            verb = self.module.text(member.child_by_field_name("property")) if member is not None else ""
            if verb in ("get", "post", "put", "patch", "delete", "head", "options"):
                methods.append(verb.upper())
            elif verb == "all":
                methods.append("")
            node = outer.node
        answered = () if "" in methods else tuple(methods)
        for path, at in self._paths(first) if methods else ():
            yield self._symbol(base, RouteDeclared(path, answered), at or call.node)

    def _described(self, base: str, call: Call) -> Iterator[Symbol]:
        """Read Fastify's `route({method, url, handler})`."""
        options = values.options(self.module, call.arguments[0])
        place = options.get("url", options.get("path"))
        listed = values.resolved(self.module, options.get("method"))
        items = named(listed) if listed is not None and listed.type == "array" else (listed,)
        methods = [values.string(self.module, item) for item in items]
        known_methods = tuple(text.upper() for text in methods if text) if None not in methods else ()
        if place is not None:
            yield self._symbol(base, RouteDeclared(paths.text(self.module, place), known_methods), place)

    def _used(self, base: str, path: Node | None, rest: list[Node], at: Node, method: str) -> Iterator[Statement]:
        if method == "register":
            options = values.options(self.module, rest[1]) if len(rest) > 1 else {}
            prefix = paths.text(self.module, options["prefix"]) if "prefix" in options else ""
            if len(rest) > 1 and not options and self.module.text(rest[1]) != "{}":
                prefix = prefix if unwrapped(rest[1]) is not None and rest[1].type == "object" else None
            yield from self._put_in(base, prefix, rest[0], at, given=path is not None, plugin=True)
            return
        for prefix, _ in self._paths(path):
            for handler in rest:
                yield from self._put_in(base, prefix, handler, at, given=path is not None, plugin=False)

    def _put_in(
        self, base: str, prefix: str | None, node: Node, at: Node, *, given: bool, plugin: bool, depth: int = 0
    ) -> Iterator[Statement]:
        """Yield what one argument of `use` or `register` brings below a prefix."""
        inner = unwrapped(node)
        if inner is None or depth > 4:
            return
        if inner.type in ("array", "spread_element"):
            for item in named(inner):
                yield from self._put_in(base, prefix, item, at, given=given, plugin=plugin, depth=depth + 1)
            return
        if inner.type in ("binary_expression", "ternary_expression"):
            sides = values.alternatives(self.module, inner) or ()
            if sides == (inner,):
                sides = tuple(s for s in [inner.child_by_field_name("right")] if s is not None)
            for item in sides:
                yield from self._put_in(base, prefix, item, at, given=given, plugin=plugin, depth=depth + 1)
            return
        if inner.type in FUNCTIONS:
            if plugin:
                own = paths.bound(self.module, inner)
                yield self._symbol(own, RouterDeclared("router", "function"), inner)
                yield self._symbol(base, RouterIncluded(own, prefix), at, refers=True)
            elif not known.passes_on(paths.parameters(self.module, inner)) and not self._refuses(inner):
                yield self._symbol(base, RouteDeclared(prefix, below=True), at)
            return
        if self._refuses(inner):
            return
        found = values.resolved(self.module, inner)
        if found is not None and found.type == "array":
            yield from self._put_in(base, prefix, found, at, given=given, plugin=plugin, depth=depth + 1)
            return
        call = self.module.call(inner)
        if call is not None and call.method in ("routes", "middleware", "allowedMethods"):
            called = unwrapped(inner.child_by_field_name("function"))
            if call.method == "allowedMethods":
                return
            owner = called.child_by_field_name("object") if called is not None else None
            if owner is not None and (name := paths.key(self.module, owner)):
                yield self._symbol(base, RouterIncluded(name, prefix), at, refers=True)
                return
        package = None if paths.key(self.module, inner) in self.made else known.package(self.module, inner)
        if package is None:
            name = paths.key(self.module, inner)
            yield self._symbol(base, RouterIncluded(name or None, prefix), at, refers=True)
            return
        served = known.serves(package, self.module.dotted(inner))
        if served == known.NOTHING or (served is None and plugin and package.startswith("@fastify/")):
            return
        if served == known.FILES and not prefix:
            yield self._symbol(base, RouteDeclared("/"), at)
            yield self._symbol(base, RouteDeclared("/**.*"), at)
        elif given or prefix or served is not None:
            text = prefix if served is None or prefix else served
            yield self._symbol(base, RouteDeclared("" if text == known.FILES else text, below=True), at)
        else:
            yield Open(Kind.PATH, "", f"whether {package} serves paths is not known", self.module.span(at))

    def _refuses(self, node: Node) -> bool:
        """Tell whether a handler answers that there is nothing: `res.status(404)`, a function named `notFound`."""
        node = unwrapped(node) or node
        if node.type in FUNCTIONS:
            return _NOT_FOUND.search(self.module.text(node)) is not None
        return _NOT_FOUND.search(self.module.dotted(node)) is not None

    def _handed(self, call: Call) -> Iterator[Statement]:
        """Yield that a router is handed to a function, which may add to it: `addRoutes(app)`."""
        for argument in call.arguments:
            inner = unwrapped(argument)
            if inner is None or inner.type not in ("identifier", "member_expression"):
                continue
            if not self.made and not _RECEIVER.search(self.module.text(inner)):
                continue
            name = paths.key(self.module, inner)
            if name not in self.made and not (name and self._is_parameter_router(inner)):
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

    def _is_parameter_router(self, node: Node) -> bool:
        if node.type != "identifier" or self.module.lookup(node) is not None:
            return False
        text = self.module.text(node)
        if text in self.module.imports:
            return False
        return re.fullmatch(r"app|router|fastify|application", text) is not None or self._typed(node, text)

    def functions(self) -> Iterator[Statement]:
        """Yield the functions that get a router, those that only pass requests on, and what each returns."""
        for function in self.module.of(*FUNCTIONS):
            listed = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
            text = self.module.text(listed)
            if not _ROUTING.search(text):
                continue
            given = paths.parameters(self.module, function)
            routed = any(re.fullmatch(r"app|router|fastify|server|instance|application", name) for name in given)
            if routed or _TYPED.search(text):
                yield self._symbol(paths.bound(self.module, function), RouterDeclared("router", "function"), function)
            elif known.passes_on(given) or (
                len(given) == 2 and given[0].strip("_")[:3] == "req" and self._refuses(function)
            ):
                yield self._symbol(paths.bound(self.module, function), RouterDeclared("router", "middleware"), function)
        for node in self.module.of("return_statement"):
            value = unwrapped(next(iter(named(node)), None))
            if value is None or value.type not in ("identifier", "member_expression"):
                continue
            target = paths.key(self.module, value)
            if target in self.made or _RECEIVER.search(self.module.text(value)):
                function_around = next(enclosing(node, *FUNCTIONS), None)
                own = paths.bound(self.module, function_around) if function_around is not None else ""
                if own and target and target != own and "#" not in own:
                    yield self._symbol(own, NameImported(target), node, refers=True)
        for node in self.module.of("array"):
            yield from self._listed(node)
        for node in self.module.of("variable_declarator", "public_field_definition"):
            value = unwrapped(node.child_by_field_name("value"))
            call = self.module.call(value)
            if call is None or value is None or paths.bound(self.module, value) in self.made:
                continue
            package = known.package(self.module, value)
            if package is not None and known.serves(package, call.name) == known.NOTHING:
                yield self._symbol(paths.bound(self.module, value), RouterDeclared("router", "middleware"), node)

    def _listed(self, node: Node) -> Iterator[Statement]:
        """Yield a list of handlers that has a name or is what a function gives."""
        items = named(node)
        above = node.parent
        kinds = ("identifier", "member_expression", "call_expression", *FUNCTIONS)
        if above is None or above.type not in (
            "variable_declarator",
            "return_statement",
            "arrow_function",
            "export_statement",
        ):
            return
        if not 0 < len(items) <= 20 or any(item.type not in kinds for item in items):
            return
        own = paths.bound(self.module, node)
        yield self._symbol(own, RouterDeclared("router", "list"), node)
        for item in items:
            if item.type not in FUNCTIONS:
                yield from self._put_in(own, "", item, item, given=False, plugin=False)

    def compared(self) -> Iterator[Symbol]:
        """Yield the paths a bare handler compares that of the request with."""
        for node in self.module.of("binary_expression"):
            if self.module.text(node.child_by_field_name("operator")) not in ("===", "=="):
                continue
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            yield from self._compared(left, right)
        for node in self.module.of("switch_statement"):
            asked = unwrapped(node.child_by_field_name("value"))
            for case in self.module.below(node, "switch_case"):
                yield from self._compared(asked, case.child_by_field_name("value"))

    def _compared(self, left: Node | None, right: Node | None) -> Iterator[Symbol]:
        if left is not None and re.fullmatch(
            r"(?:\w+\.)*(?:req|request|url|parsedUrl|ctx)\.(?:url|path|pathname)|pathname", self.module.text(left)
        ):
            path = paths.text(self.module, right)
            if path and path.startswith("/") and right is not None:
                yield self._symbol("", RouteDeclared(path, handler="compared"), right)

    def unread(self) -> Iterator[Open]:
        """Open the set of paths where a framework is used whose routes are not read."""
        for one in self.module.needed:
            if not one.types and (covers := known.unread(one.module)) is not None:
                reason = f"the routes of {one.module} are not read"
                yield Open(Kind.PATH, "", reason, self.module.span(one.node), Pattern(covers) if covers else None)
