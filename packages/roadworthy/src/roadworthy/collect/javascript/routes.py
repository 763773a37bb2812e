"""HTTP routes of Express, Fastify, Koa, Hono and their like as one module states them; link puts the modules together."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import RouteDeclared, RouterDeclared, RouterIncluded
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_middleware as known
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_routers as routers
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, named, unwrapped

PROVIDES = frozenset({Kind.PATH})

_HANDLING = frozenset(
    {"arrow_function", "function_expression", "identifier", "member_expression", "call_expression", "array"}
    | {"spread_element", "as_expression", "subscript_expression"}
)
_WORDS = (
    *("express", "fastify", "koa", "hono", "outer", "polka", "tinyhttp", ".use(", ".get(", "createServer", "req.url"),
    *("next", "(app"),
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of routes."""
    found = any(word in file.text for word in _WORDS)
    return found and file.role is FileRole.PROD and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield applications, routers, routes and inclusions."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    reader = _Reader(file, module)
    for call in module.calls:
        yield from reader.called(call)
        yield from reader.provided(call)
    yield from reader.unread()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: Module
    # By application: the names that stand before what is mounted on it later, with the path below which.
    standing: dict[str, list[tuple[str, set[str]]]] = field(default_factory=dict)

    def _symbol(self, name: str, detail: Detail, at: Node, *, refers: bool = False) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.CONSTRUCT, action, Exact(name), self.module.span(at), role=self.file.role, detail=detail)

    def called(self, call: Call) -> Iterator[Statement]:
        """Yield the router a call makes, or what it adds to one."""
        framework = routers.APPLICATIONS.get(call.name) or routers.ROUTERS.get(call.name)
        if framework is not None:
            form = "application" if call.name in routers.APPLICATIONS else "router"
            name = paths.bound(self.module, call.node)
            options = values.options(self.module, call.arguments[0]) if call.arguments else {}
            prefix = paths.text(self.module, options["prefix"]) if "prefix" in options else ""
            yield self._symbol(name, RouterDeclared(form, framework, prefix), call.node)
            return
        base, method = routers.receiver(self.module, call)
        if method in routers.VERBS and len(call.arguments) > 1:
            if base is not None and call.arguments[-1].type in _HANDLING and not self._is_awaited(call.node):
                yield from self._verb(base, method, call)
        elif method == "route" and base is not None and call.arguments:
            yield from self._route(base, call)
        elif method in ("use", "mount", "register") and base is not None and call.arguments:
            for path, rest, at in routers.each(self.module, call):
                yield from self._used(base, path, rest, at, method)
        elif method == "basePath" and base is not None and call.arguments:
            prefix = paths.text(self.module, call.arguments[0])
            yield self._symbol(base, RouterDeclared("application", "hono", prefix), call.node)

    def _is_awaited(self, node: Node) -> bool:
        """Tell whether something waits for the answer: then it is a request of a client and no route."""
        parent = node.parent
        if parent is not None and parent.type == "member_expression":
            return self.module.text(parent.child_by_field_name("property")) in ("then", "catch", "finally")
        return parent is not None and parent.type == "await_expression"

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
            if path in ("*", "**", "/*", "/**", "**/*") and (
                method == "options" or routers.refuses(self.module, given[-1])
            ):
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
            if len(rest) > 1 and rest[1].type not in ("object", *FUNCTIONS) and not options:
                prefix = None
            if known.package(self.module, rest[0]) in known.AUTOLOAD:
                yield self._autoloaded(base, options, at)
                return
            yield from self._put_in(base, prefix, rest[0], at, options=options)
            return
        standing = self.standing.setdefault(base, [])
        names = {name for handler in rest if (name := self._named(handler))}
        for prefix, _ in self._paths(path):
            below = (prefix or "").rstrip("/")
            before = {
                name for root, found in standing if below == root or below.startswith(root + "/") for name in found
            }
            for handler in rest:
                for statement in self._put_in(base, prefix, handler, at):
                    detail = statement.detail if isinstance(statement, Symbol) else None
                    if isinstance(statement, Symbol) and isinstance(detail, RouterIncluded):
                        asked = tuple(sorted((before | names) - {self._named(handler)}))
                        yield replace(statement, detail=replace(detail, dependencies=asked))
                    else:
                        yield statement
            standing.append((below, names))

    def _named(self, node: Node) -> str:
        """Return the last part of the name of what is put before routes, or of what makes it."""
        call = self.module.call(node)
        return (call.name if call is not None else self.module.dotted(node)).rpartition(".")[2]

    def _autoloaded(self, base: str, options: dict[str, Node], at: Node) -> Symbol:
        """Yield that every file of a folder is put in, below the folders it lies in."""
        inner = values.options(self.module, options.get("options"))
        prefix = paths.text(self.module, inner["prefix"]) if "prefix" in inner else ""
        folder = paths.folder(self.module, options.get("dir"))
        return self._symbol(base, RouterIncluded(f"{folder}:**" if folder else None, prefix), at, refers=True)

    def _put_in(
        self,
        base: str,
        prefix: str | None,
        node: Node,
        at: Node,
        *,
        options: dict[str, Node] | None = None,
        depth: int = 0,
    ) -> Iterator[Statement]:
        """Yield what one argument of `use`, or of `register` with its options, brings below a prefix."""
        inner = unwrapped(node)
        if inner is None or depth > 4:
            return
        if inner.type in ("array", "spread_element"):
            for item in named(inner):
                yield from self._put_in(base, prefix, item, at, options=options, depth=depth + 1)
            return
        if inner.type in ("binary_expression", "ternary_expression"):
            sides = values.alternatives(self.module, inner) or ()
            if sides == (inner,):
                sides = tuple(s for s in [inner.child_by_field_name("right")] if s is not None)
            for item in sides:
                yield from self._put_in(base, prefix, item, at, options=options, depth=depth + 1)
            return
        if inner.type in FUNCTIONS:
            if options is not None:
                own = paths.bound(self.module, inner)
                yield self._symbol(own, RouterDeclared("router", "function"), inner)
                yield self._symbol(base, RouterIncluded(own, prefix), at, refers=True)
            elif not known.passes_on(paths.parameters(self.module, inner)) and not routers.refuses(self.module, inner):
                yield self._symbol(base, RouteDeclared(prefix, below=True), at)
            return
        if routers.refuses(self.module, inner):
            return
        found = values.resolved(self.module, inner)
        if found is not None and found.type == "array":
            yield from self._put_in(base, prefix, found, at, options=options, depth=depth + 1)
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
        package = (
            None if paths.key(self.module, inner) in routers.made(self.module) else known.package(self.module, inner)
        )
        if package is None:
            name = paths.key(self.module, inner)
            yield self._symbol(base, RouterIncluded(name or None, prefix), at, refers=True)
            return
        yield from self._brought(base, prefix, package, inner, at, options)

    def _brought(
        self, base: str, prefix: str | None, package: str, node: Node, at: Node, options: dict[str, Node] | None
    ) -> Iterator[Statement]:
        """Yield what a package brings: paths of its own or all below where it is put; what is unknown opens the set."""
        served = known.serves(package, self.module.dotted(node))
        if served == known.NOTHING or (served is None and options is not None and package.startswith("@fastify/")):
            return
        call = self.module.call(node)
        given = options or (
            values.options(self.module, call.arguments[0]) if call is not None and call.arguments else {}
        )
        place = next((given[name] for name in known.PATH_OPTIONS.get(package, ()) if name in given), None)
        if served is None:
            yield self._symbol(base, RouterIncluded(f"{package}:default", prefix), at, refers=True)
        elif served == known.FILES and not prefix:
            yield self._symbol(base, RouteDeclared("/"), at)
            yield self._symbol(base, RouteDeclared("/**.*"), at)
        elif place is not None and place.type not in ("true", "false"):
            yield self._symbol(base, RouteDeclared(paths.text(self.module, place), below=True), at)
        elif place is not None or package not in known.SILENT:
            own = "" if served == known.FILES else served
            yield self._symbol(base, RouteDeclared(prefix or own if prefix is not None else None, below=True), at)

    def provided(self, call: Call) -> Iterator[Symbol]:
        """Yield the paths of health libraries that serve beside the application."""
        if call.method == "createTerminus" or call.name == "@godaddy/terminus":
            options = values.options(self.module, call.arguments[1]) if len(call.arguments) > 1 else {}
            for path, node in values.options(self.module, options.get("healthChecks")).items():
                if path.startswith("/"):
                    yield self._symbol("", RouteDeclared(path), node)
        elif call.name == "lightship.createLightship":
            for path in ("/health", "/live", "/ready"):
                yield self._symbol("", RouteDeclared(path), call.node)

    def unread(self) -> Iterator[Open]:
        """Open the set of paths where a framework is used whose routes are not read."""
        for one in self.module.needed:
            if not one.types and (covers := known.unread(one.module)) is not None:
                reason = f"the routes of {one.module} are not read"
                yield Open(Kind.PATH, "", reason, self.module.span(one.node), Pattern(covers) if covers else None)
