"""Limits that JavaScript code sets on the number and the size of requests, and whom it believes about the caller."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.limit import BodyLimit, LimitSet, ProxyTrusted, UploadTaken
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript, javascript_numbers
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call

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
            storage = "shared" if "store" in given or "storage" in given else "unknown" if hidden else "memory"
            if storage == "shared" and "memory" in self.module.text(given.get("store") or given.get("storage")).lower():
                storage = "memory"
            yield self._symbol(library, call.node, LimitSet(storage, self._key(given.get("keyGenerator")), True))
        elif call.name.startswith("rate-limiter-flexible.") and call.method in _SHARED:
            yield self._symbol("rate-limiter-flexible", call.node, LimitSet("shared", "other", False))
        elif call.method == "register" and call.arguments and self.module.dotted(call.arguments[0]) in _PLUGINS:
            given = self._given(call, 1)
            storage = "shared" if "redis" in given or "store" in given else "memory"
            key = self._key(given.get("keyGenerator"))
            yield self._symbol("@fastify/rate-limit", call.node, LimitSet(storage, key, "global" not in given))

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
