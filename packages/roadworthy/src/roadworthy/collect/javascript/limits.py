"""Limits that JavaScript code sets on the number and the size of requests, and whom it believes about the caller."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.limit import BodyLimit, LimiterUsed, LimitSet, ProxyTrusted, UploadTaken
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript, javascript_numbers
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call
from roadworthy.syntax.javascript_tree import named, unwrapped

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    "rate-limit",
    "throttler",
    "RateLimiter",
    "trust",
    "multer",
    "limit",
    "formidable",
    "fileSize",
    "bodyLimit",
    "orwarded-",
)
_LIMITERS = {
    "express-rate-limit": "express-rate-limit",
    "express-rate-limit.rateLimit": "express-rate-limit",
    "express-slow-down": "express-slow-down",
    "express-slow-down.slowDown": "express-slow-down",
    "@nestjs/throttler.ThrottlerModule.forRoot": "@nestjs/throttler",
    "@nestjs/throttler.ThrottlerModule.forRootAsync": "@nestjs/throttler",
    "rate-limiter-flexible.RateLimiterMemory": "rate-limiter-flexible",
}
_PLUGINS = frozenset({"@fastify/rate-limit", "fastify-rate-limit"})
_SHARED = frozenset(
    {"RateLimiterRedis", "RateLimiterMongo", "RateLimiterPostgres", "RateLimiterMemcache", "RateLimiterValkey"}
)
_PARSERS = frozenset(
    {"express.json", "express.urlencoded", "express.raw", "express.text", "body-parser.json", "body-parser.raw"}
    | {"body-parser.urlencoded", "body-parser.text"}
)
_NAMED = re.compile(r"limit|throttl|slow", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,12}(?:\.\d+)?)\s*(b|kb|mb|gb)?", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


def wants(path: str) -> bool:
    """Every JavaScript or TypeScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that limits go by."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every limiter, every limit of size, and every statement about whom to believe."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    reader = _Reader(file, module)
    yield from reader.reads_header()
    yield from reader.plugin()
    yield from reader.used()
    for call in module.calls:
        yield from reader.limiter(call)
        yield from reader.trust(call)
        yield from reader.size(call)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: javascript.Module

    def _symbol(self, name: str, node: Node, detail: Detail) -> Symbol:
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def _given(self, call: Call, index: int = 0) -> dict[str, Node]:
        return values.options(self.module, call.arguments[index]) if len(call.arguments) > index else {}

    def limiter(self, call: Call) -> Iterator[Symbol]:
        """Yield a limiter, with where it counts and by what."""
        given = self._given(call)
        if call.name in _LIMITERS:
            library = _LIMITERS[call.name]
            hidden = bool(call.arguments) and not given and library != "@nestjs/throttler"
            if call.method == "forRootAsync":
                given = self._made(given)
                hidden = not given
            storage = "shared" if "store" in given or "storage" in given else "unknown" if hidden else "memory"
            if storage == "shared" and "memory" in self.module.text(given.get("store") or given.get("storage")).lower():
                storage = "memory"
            key, bound = self._key(given.get("keyGenerator")), self._bound(call.node)
            yield self._symbol(library, call.node, LimitSet(storage, key, True, bound=bound))
            if library == "express-rate-limit" and "store" in given and storage == "shared":
                passes = self.module.text(given.get("passOnStoreError")) not in ("", "false")
                says = "the limiter fails when the store it counts in is away, and every request with it"
                hidden = values.is_open(self.module, call.arguments[0])
                if passes or not hidden:
                    yield self._symbol(library, call.node, Construct("cache-alone", passes, says))
        elif call.name.startswith("rate-limiter-flexible.") and call.method in _SHARED:
            yield self._symbol("rate-limiter-flexible", call.node, LimitSet("shared", "other", False))
        elif call.method == "register" and call.arguments and self.module.dotted(call.arguments[0]) in _PLUGINS:
            given = self._given(call, 1)
            storage = "shared" if "redis" in given or "store" in given else "memory"
            key = self._key(given.get("keyGenerator"))
            yield self._symbol("@fastify/rate-limit", call.node, LimitSet(storage, key, "global" not in given))

    def _made(self, given: dict[str, Node]) -> dict[str, Node]:
        """Return the options that a `useFactory` hands back, nothing where it is not written here."""
        factory = values.resolved(self.module, given.get("useFactory"))
        body = factory.child_by_field_name("body") if factory is not None else None
        if body is None:
            return {}
        if body.type != "statement_block":
            return values.options(self.module, unwrapped(body) or body)
        returned = self.module.below(body, "return_statement")
        return values.options(self.module, next(iter(named(returned[0])), None)) if len(returned) == 1 else {}

    def _bound(self, node: Node) -> str:
        """Return the name that a limiter is given where it is made."""
        outer = node.parent
        if outer is None or outer.type != "variable_declarator":
            return ""
        return self.module.text(outer.child_by_field_name("name"))

    def used(self) -> Iterator[Symbol]:
        """Yield the names like those of limiters that are used, beside where they are declared or imported."""
        seen: set[str] = set()
        for node in self.module.of("identifier", "shorthand_property_identifier", "member_expression"):
            name = self._meant(node)
            if name and name not in seen and _NAMED.search(name):
                seen.add(name)
                at = self.module.span(node)
                yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), at, role=self.file.role, detail=LimiterUsed())

    def _meant(self, node: Node) -> str:
        """Return the name under which another module, or this one, makes what is used here; "" where it is neither."""
        above = node.parent
        if above is None or above.type in ("import_specifier", "import_clause", "export_specifier"):
            return ""
        if node.type == "member_expression":
            # Of something imported whole, or of an object that holds limiters.
            return self.module.text(node.child_by_field_name("property"))
        text = self.module.text(node)
        if above.type == "variable_declarator" and above.child_by_field_name("name") == node:
            return ""
        imported = self.module.imports.get(text)
        if imported is not None:
            return text if imported.name in ("", "default", "*") else imported.name
        binding = self.module.lookup(node)
        made = self.module.call(binding.value) if binding is not None else None
        return text if made is not None and made.name in _LIMITERS else ""

    def plugin(self) -> Iterator[Symbol]:
        """Yield a limiter that a file hands on whole, for a loader that registers every file of a folder."""
        for exported in self.module.exports:
            wrapped = self.module.call(exported.node)
            handed = wrapped.arguments[0] if wrapped is not None and wrapped.arguments else exported.node
            if exported.name not in ("", "default") or self.module.dotted(handed) not in _PLUGINS:
                continue
            settings = [b.value for b in self.module.bindings("autoConfig") if b.value is not None]
            text = " ".join(self.module.text(value) for value in settings)
            storage = "shared" if re.search(r"\b(redis|store)\b", text) else "memory"
            everything = not re.search(r"\bglobal\s*:", text)
            key = "other" if "keyGenerator" in text else "address"
            yield self._symbol("@fastify/rate-limit", exported.at, LimitSet(storage, key, everything))

    def _key(self, node: Node | None) -> str:
        if node is None:
            return "address"
        text = self.module.text(node)
        if re.search(r"forwarded-for|forwardedFor", text, re.IGNORECASE):
            return "forwarded" if re.search(r"split\([^)]*\)\s*(\?\.)?\[0\]", text) else "other"
        return "address" if re.search(r"\breq(uest)?\.(ip|connection|socket)\b", text) else "other"

    def reads_header(self) -> Iterator[Symbol]:
        """Yield that code looks at the header itself; what it makes of that is not followed."""
        if "forwarded-for" in self.file.text.lower():
            for node in self.module.of("string"):
                if (values.string(self.module, node) or "").lower() == "x-forwarded-for":
                    yield self._symbol("X-Forwarded-For", node, ProxyTrusted("unknown"))
                    return

    def trust(self, call: Call) -> Iterator[Symbol]:
        """Yield whose word about the caller's address counts."""
        words = [values.string(self.module, argument) for argument in call.arguments[:1]]
        if call.method in ("set", "enable") and words == ["trust proxy"]:
            value = values.resolved(self.module, call.arguments[1]) if len(call.arguments) > 1 else None
            text = self.module.text(value) if value is not None else "true"
            whom = "all" if text == "true" else "none" if text in ("false", "0") else "some"
            if value is not None and value.type in ("identifier", "member_expression", "call_expression"):
                whom = "unknown"
            yield self._symbol("trust proxy", call.node, ProxyTrusted(whom))
        elif call.name == "fastify" and "trustProxy" in (given := self._given(call)):
            text = self.module.text(values.resolved(self.module, given["trustProxy"]))
            yield self._symbol("trustProxy", call.node, ProxyTrusted("all" if text == "true" else "some"))

    def size(self, call: Call) -> Iterator[Symbol]:
        """Yield a limit of size, and what takes files without one."""
        given = self._given(call)
        if call.name in _PARSERS and "limit" in given:
            yield self._symbol(call.name, given["limit"], self._limit(given["limit"]))
        elif call.name == "fastify" and "bodyLimit" in given:
            yield self._symbol("bodyLimit", given["bodyLimit"], self._limit(given["bodyLimit"]))
        elif call.name in ("multer", "busboy", "formidable", "formidable.IncomingForm"):
            holder = values.options(self.module, given["limits"]) if "limits" in given else given
            size = holder.get("fileSize") or given.get("maxFileSize")
            if size is not None:
                yield self._symbol(call.name, size, self._limit(size))
            # formidable has a limit of its own, and what stands in an object that is not seen may hold one.
            hidden = ("limits" in given and not holder) or (bool(call.arguments) and not given)
            bounded = True if size is not None or call.name.startswith("formidable") else None if hidden else False
            yield self._symbol(call.name, call.node, UploadTaken(bounded, f"`{call.name}` without a limit of size"))

    def _limit(self, node: Node) -> BodyLimit:
        text = values.string(self.module, node)
        match = _SIZE.fullmatch(text) if text is not None else None
        if match:
            return BodyLimit(int(float(match[1]) * _UNITS[(match[2] or "").lower()]))
        size, variable = javascript_numbers.number(self.module, node)
        return BodyLimit(int(size) if size is not None else None, variable)
