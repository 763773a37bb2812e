"""Before which routes JavaScript code puts a limit on the number of requests, and which it lets through.

Express and Fastify put a limit before what is hung on the application after it; Nest puts it before every controller that
does not skip it. A limiter of another module is named `module#name`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.limit import LimiterMade, LimitFreed, LimitPlaced
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call

PROVIDES = frozenset({Kind.CONSTRUCT})

_MAKERS = frozenset(
    {"express-rate-limit", "express-rate-limit.rateLimit", "express-rate-limit.default", "@nestjs/throttler"}
)
_PLUGINS = frozenset({"@fastify/rate-limit", "fastify-rate-limit"})
_LIMIT = re.compile(r"limit|throttl", re.IGNORECASE)
_OTHER = re.compile(r"body|size|upload|file|page|json", re.IGNORECASE)
_ABOUT = re.compile(r"health|alive|live|ready|startup|ping|heartbeat|status|probe", re.IGNORECASE)
_VERBS = frozenset({"get", "all", "head"})
_MOUNTING = frozenset({"use", "register"})


def wants(path: str) -> bool:
    """Every JavaScript or TypeScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server that speaks of limits."""
    words = ("imit", "hrottl")
    return any(word in file.text for word in words) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield where limits stand, what they let through, and the limiters that are made."""
    reader = _Reader(file, javascript.module(file))
    for call in sorted(reader.module.calls, key=lambda call: call.node.start_byte):
        yield from reader.made(call)
        if call.method in _MOUNTING and call.arguments:
            yield from reader.mounted(call)
        elif call.method in _VERBS and len(call.arguments) > 1:
            yield from reader.route(call)
    yield from reader.rest()
    if "APP_GUARD" in file.text or "useGlobalGuards" in file.text:
        yield from reader.guards()
    if "SkipThrottle" in file.text:
        yield from reader.skipped()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: javascript.Module
    # By application or router: the limits that stand before what comes next, as (path below which, name, node).
    standing: dict[str, list[tuple[str, str, Node]]] = field(default_factory=lambda: defaultdict(list))
    mounted_first: set[str] = field(default_factory=set)

    def _symbol(self, name: str, node: Node, detail: Detail) -> Symbol:
        action = Action.DEFINES if isinstance(detail, LimiterMade) else Action.REFERS
        at = self.module.span(node)
        return Symbol(Kind.CONSTRUCT, action, Exact(name), at, role=self.file.role, detail=detail)

    def made(self, call: Call) -> Iterator[Symbol]:
        """Yield a limiter that a name is given to."""
        if call.name not in _MAKERS:
            return
        outer = call.node.parent
        name = self.module.text(outer.child_by_field_name("name")) if outer is not None else ""
        if outer is None or outer.type != "variable_declarator":
            name = "default" if outer is not None and outer.type == "export_statement" else ""
        if name:
            yield self._symbol(name, call.node, self._what(call))

    def _what(self, call: Call) -> LimiterMade:
        if not call.arguments:
            return LimiterMade()
        given = values.options(self.module, call.arguments[0])
        if not given or values.is_open(self.module, call.arguments[0]):
            return LimiterMade(why="its options are not seen")
        skip = given.get("skip")
        return LimiterMade() if skip is None else self._skipping(skip)

    def _skipping(self, node: Node) -> LimiterMade:
        node = values.resolved(self.module, node) or node
        texts = [values.string(self.module, each) for each in self.module.below(node, "string")]
        leaves = tuple(sorted({text for text in texts if text and text.startswith("/") and len(text) > 1}))
        return LimiterMade(leaves, "" if leaves else "which requests it skips is not seen")

    def _limiter(self, node: Node) -> str:
        """Return the name of the limiter an argument is, "" where it is none."""
        inner = self.module.call(node)
        if inner is not None:
            plain = inner.name in _MAKERS and inner.name != "@nestjs/throttler"
            return "(inline)" if plain and self._what(inner) == LimiterMade() else "(computed)" if plain else ""
        name = self.module.text(node)
        if node.type != "identifier":
            return "(computed)" if node.type == "member_expression" and _limits(name) else ""
        imported = self.module.imports.get(name)
        if imported is not None:
            if imported.dotted in _PLUGINS:
                return "(inline)"
            return f"{imported.module}#{imported.name or 'default'}" if _limits(name) else ""
        binding = self.module.lookup(node)
        made = self.module.call(binding.value) if binding is not None and binding.value is not None else None
        if made is not None and made.name in _MAKERS:
            return f"#{name}"
        return "(computed)" if _limits(name) and binding is not None else ""

    def _module(self, node: Node) -> str | None:
        """Return the module that what is mounted comes from, "" where it is of this file, None where it is no routes."""
        if node.type != "identifier":
            return None
        imported = self.module.imports.get(self.module.text(node))
        if imported is not None:
            return imported.module if imported.module.startswith((".", "/", "@/", "~", "src/")) else None
        binding = self.module.lookup(node)
        made = self.module.call(binding.value) if binding is not None and binding.value is not None else None
        return "" if made is not None and made.method in ("Router", "express") else None

    def mounted(self, call: Call) -> Iterator[Symbol]:
        """Yield what a limit stands before, or does not, of what is mounted; note a limit that is itself mounted."""
        holder = call.name.rpartition(".")[0]
        text = values.string(self.module, call.arguments[0]) if call.method == "use" else None
        prefix = (text or "").rstrip("/")
        given = call.arguments[1:] if text is not None else call.arguments
        if call.method == "register":
            options = values.options(self.module, given[1]) if len(given) > 1 else {}
            prefix = (values.string(self.module, options["prefix"]) or "") if "prefix" in options else ""
            plugin = self._limiter(given[0])
            if plugin == "(inline)":
                whole = "global" not in options
                name = "(inline)" if not {"allowList", "skip"} & set(options) else "(computed)"
                if whole:
                    self.standing[holder].append(("", name, call.node))
                return
        limiters = [(name, node) for node in given if (name := self._limiter(node))]
        modules = [(module, node) for node in given if (module := self._module(node)) is not None]
        modules = [pair for pair in modules if not self._limiter(pair[1])]
        if limiters and not modules:
            self.standing[holder] += [(prefix, name, node) for name, node in limiters]
            return
        before = [(name, node) for below, name, node in self.standing[holder] if _covers(below, prefix)] + limiters
        for module, node in modules:
            if not before:
                self.mounted_first.add(holder)
            for reach, on in (("module", module), ("path", prefix)):
                if on and before:
                    yield self._symbol(before[0][0], before[0][1], LimitPlaced(reach, on, made=True))
                elif on:
                    yield self._symbol(call.name, node, LimitFreed(reach, on))

    def route(self, call: Call) -> Iterator[Symbol]:
        """Yield whether a limit stands before a route that a probe may ask."""
        path = values.string(self.module, call.arguments[0])
        if path is None or not path.startswith("/") or not (_ABOUT.search(path) or _ABOUT.search(self.file.name)):
            return
        holder = call.name.rpartition(".")[0]
        own = [(name, node) for node in call.arguments[1:-1] if (name := self._limiter(node))]
        before = own + [(name, node) for below, name, node in self.standing[holder] if _covers(below, path)]
        if "rateLimit: false" in self.module.text(call.node)[:2000]:
            yield self._symbol("rateLimit: false", call.node, LimitFreed("handler", path))
        elif before:
            late = not own and self.module.call(before[0][1]) is not None and not _awaited(before[0][1])
            why = "whether the plug-in is loaded before this route is decided while it runs"
            detail = LimitPlaced("handler", path, why if late and ".register" in self._name(before[0][1]) else "", True)
            yield self._symbol(before[0][0], before[0][1], detail)
        else:
            yield self._symbol(call.name, call.arguments[0], LimitFreed("handler", path))

    def _name(self, node: Node) -> str:
        call = self.module.call(node)
        return call.name if call is not None else ""

    def rest(self) -> Iterator[Symbol]:
        """Yield the limits that stand before all that an application serves and that nothing else is said about."""
        for holder, standing in self.standing.items():
            if not re.search(r"app|server|fastify", holder, re.IGNORECASE):
                continue
            for below, name, node in standing:
                if not below:
                    why = (
                        "routes that are mounted before the limit may serve it" if holder in self.mounted_first else ""
                    )
                    yield self._symbol(name, node, LimitPlaced("rest", why=why, made=True))

    def guards(self) -> Iterator[Symbol]:
        """Yield the limit that Nest puts before every controller."""
        why = "which requests it skips is decided while it runs" if "skipIf" in self.file.text else ""
        for node in self.module.of("object"):
            entries = dict(values.entries(self.module, node))
            if "provide" in entries and self.module.text(entries["provide"]) == "APP_GUARD":
                guard = self.module.text(entries.get("useClass") or entries.get("useExisting"))
                if "hrottl" in guard:
                    own = "" if guard == "ThrottlerGuard" else f"what `{guard}` lets through is not followed"
                    yield self._symbol(guard, node, LimitPlaced("all", why=why or own))
        for call in self.module.calls:
            if call.method == "useGlobalGuards" and "hrottl" in self.module.text(call.node)[:500]:
                yield self._symbol("ThrottlerGuard", call.node, LimitPlaced("all", why=why))

    def skipped(self) -> Iterator[Symbol]:
        """Yield the classes and methods that skip the limit."""
        for node in self.module.of("decorator"):
            if "SkipThrottle" not in self.module.text(node)[:60]:
                continue
            outer = node.parent
            while outer is not None and outer.type == "decorator":
                outer = outer.parent
            following = node.next_named_sibling
            while following is not None and following.type in ("decorator", "comment"):
                following = following.next_named_sibling
            whole = following if outer is not None and outer.type == "class_body" and following is not None else outer
            if whole is not None and whole.type != "program":
                yield self._symbol("SkipThrottle", whole, LimitFreed("lines"))
            elif following is not None:
                yield self._symbol("SkipThrottle", following, LimitFreed("lines"))


def _limits(name: str) -> bool:
    return _LIMIT.search(name) is not None and not _OTHER.search(name)


def _covers(below: str, path: str) -> bool:
    return not below or path == below or path.startswith(below + "/")


def _awaited(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "await_expression"
