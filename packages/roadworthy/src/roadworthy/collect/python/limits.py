"""Limits that Python code sets on the number of requests, and whom it believes about the address of the caller."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.limit import LimitSet, ProxyTrusted
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    "RATELIMIT_STORAGE_UR",
    "limit",
    "throttl",
    "Throttl",
    "Limit",
    "forwarded",
    "Forwarded",
    "ProxyFix",
    "ProxyHeaders",
    "LIMIT",
    "attempts",
    "lock",
)
_LIMITERS = {
    "slowapi.Limiter": "slowapi",
    "slowapi.extension.Limiter": "slowapi",
    "flask_limiter.Limiter": "flask-limiter",
    "quart_rate_limiter.RateLimiter": "quart-rate-limiter",
}
_ADDRESS_KEYS = ("get_remote_address", "get_ipaddr")
_FORWARDED = re.compile(r"x[-_]forwarded[-_]for|forwarded-for|true-client-ip", re.IGNORECASE)
_OWN_NAME = re.compile(
    r".*(rate_?limit|throttl|limiter|hits|attempts|buckets?|windows?|request_(log|counts?|times)).*", re.IGNORECASE
)
_ATTEMPTS = re.compile(
    r"(login|failed|max)_\w*attempts|attempts_(left|count)|locked_(at|until|out)|lockout|is_locked", re.IGNORECASE
)
_EMPTY = frozenset({"dict", "collections.defaultdict", "defaultdict", "collections.OrderedDict", "collections.Counter"})
_TRUSTING = frozenset(
    {"uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware", "werkzeug.middleware.proxy_fix.ProxyFix"}
    | {"hypercorn.middleware.ProxyFixMiddleware"}
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that limits and proxies go by."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every limiter, and every statement about whom to believe."""
    reader = _Reader(file, python.module(file))
    for call, called in reader.module.calls:
        yield from reader.called(call, called)
    yield from reader.own()
    yield from reader.reads_header()
    yield from reader.locked_out()
    yield from reader.settings()
    yield from reader.configured()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, name: str, at: Span, detail: Detail) -> Symbol:
        return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=self.file.role, detail=detail)

    def called(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield what one call says."""
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        open_set = any(keyword.arg is None for keyword in call.keywords)
        if called in _LIMITERS:
            storage, shown = self._storage(given.get("storage_uri"), open_set=open_set)
            key = given.get("key_func", call.args[0] if call.args else None)
            everything = any(name in given for name in ("default_limits", "application_limits")) or open_set
            detail = LimitSet(storage, self._key(key), everything, shown)
            yield self._symbol(_LIMITERS[called], self.module.span(call), detail)
        elif called.endswith("FastAPILimiter.init"):
            yield self._symbol("fastapi-limiter", self.module.span(call), LimitSet("shared", "address", False))
        elif called in _TRUSTING or (call.args and self.module.dotted(call.args[0]) in _TRUSTING):
            yield self._symbol("ProxyHeaders", self.module.span(call), ProxyTrusted(self._trusted(given)))
        elif called in ("uvicorn.run", "uvicorn.Config") and "forwarded_allow_ips" in given:
            value = given["forwarded_allow_ips"]
            text = value.value if isinstance(value, ast.Constant) else None
            whom = "all" if text == "*" else "some" if isinstance(text, str) else "unknown"
            yield self._symbol("forwarded_allow_ips", self.module.span(value), ProxyTrusted(whom))

    def _trusted(self, given: dict[str, ast.expr]) -> str:
        hosts = given.get("trusted_hosts")
        if hosts is None:
            return "some"
        texts = [n.value for n in walk(hosts) if isinstance(n, ast.Constant)]
        return "all" if "*" in texts else "some" if texts else "unknown"

    def _storage(self, node: ast.expr | None, *, open_set: bool) -> tuple[str, str]:
        """Return where a limiter counts, and how that is written."""
        if node is None:
            configured = "STORAGE_UR" in self.file.text or "storage_uri" in self.file.text
            return ("unknown" if open_set or configured else "memory"), ""
        name = self.module.name(node)
        text = str(name) if isinstance(name, Exact) else ""
        if text:
            return ("memory" if text.startswith(("memory", "async+memory")) else "shared"), text.partition("://")[0]
        written = ast.unparse(node).lower()
        shared = any(store in written for store in ("redis", "valkey", "memcached", "mongo"))
        # A text that is put together may hold a password: only names are shown.
        shown = written[:40] if isinstance(node, ast.Name | ast.Attribute) else ""
        return ("shared" if shared and "memory" not in written else "unknown"), shown

    def _key(self, node: ast.expr | None) -> str:
        """Return by what a limiter tells callers apart."""
        if node is None:
            return "other"
        dotted = self.module.dotted(node)
        if dotted.rpartition(".")[2] in _ADDRESS_KEYS:
            return "forwarded" if dotted.endswith("get_ipaddr") else "address"
        for function in self.module.functions:
            if function.name == dotted:
                return _key_of(self.module.below(function))
        return _key_of(walk(node)) if isinstance(node, ast.Lambda) else "other"

    def own(self) -> Iterator[Symbol]:
        """Yield limiters written by hand: a container in memory that is counted up and ends in a 429."""
        if "429" not in self.file.text and "TOO_MANY" not in self.file.text:
            return
        for function in self.module.functions:
            below = self.module.below(function)
            counting = self._counted(below)
            if counting is not None and _refuses(below):
                detail = LimitSet("shared", _key_of(below), False, "redis")
                yield self._symbol("a limiter of its own", self.module.span(counting), detail)
                says = f"`{function.name}` fails when the store it counts in is away, and every request with it"
                alone = Construct("cache-alone", self._provided(counting), says)
                yield self._symbol(function.name, self.module.span(counting), alone)
                return
        for name, value, node in self._containers():
            if _OWN_NAME.fullmatch(name) and self._is_empty(value):
                nodes = self.module.nodes
                yield self._symbol("a limiter of its own", self.module.span(node), LimitSet(
                    "memory", _key_of(nodes), _is_middleware(self.module), name,
                ))  # fmt: skip
                return

    def _provided(self, call: ast.Call) -> bool:
        """Tell whether a call stands in a block whose failure is caught."""
        inside = self.module.around.get(call)
        node: ast.AST | None = self.module.parents.get(call)
        while node is not None and node is not inside:
            if isinstance(node, ast.Try) and node.handlers:
                return True
            if isinstance(node, ast.With | ast.AsyncWith) and "suppress" in ast.unparse(node.items[0].context_expr):
                return True
            node = self.module.parents.get(node)
        return False

    def _counted(self, below: list[ast.AST]) -> ast.Call | None:
        """Return the call by which a function counts up a key of a store that all processes share."""
        for node in below:
            match node:
                case ast.Call(func=ast.Attribute(attr="incr" | "incrby" | "zadd" | "zcard"), args=[_, *_]):
                    if re.search(r"redis|valkey", self.file.text[:20_000], re.IGNORECASE):
                        return node
        return None

    def _containers(self) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
        for node in self.module.of(ast.Assign, ast.AnnAssign):
            match node:
                case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
                    yield name, value, node
                case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), value=ast.expr() as value):
                    yield name, value, node

    def _is_empty(self, value: ast.expr) -> bool:
        match value:
            case ast.Dict(keys=[]):
                return True
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, inner]):
                return self._is_empty(inner)
            case ast.Call(func=func):
                return self.module.dotted(func) in _EMPTY
        return False

    def reads_header(self) -> Iterator[Symbol]:
        """Yield that code looks at the header itself; what it makes of that is not followed."""
        for node in self.module.of(ast.Constant):
            if isinstance(node.value, str) and _FORWARDED.fullmatch(node.value.removeprefix("HTTP_")):
                yield self._symbol("X-Forwarded-For", self.module.span(node), ProxyTrusted("unknown"))
                return

    def locked_out(self) -> Iterator[Symbol]:
        """Yield that code counts failed attempts by account; how it ends them is not followed."""
        for node in self.module.of(ast.Attribute, ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if _ATTEMPTS.search(name):
                detail = Construct("lockout", None, f"`{name}` ends repeated attempts")
                yield self._symbol(name, self.module.span(node), detail)
                return

    def configured(self) -> Iterator[Symbol]:
        """Yield where the application's configuration lets flask-limiter count, which the limiter itself need not say."""
        for key, value in self._configured() if "RATELIMIT_STORAGE_UR" in self.file.text else ():
            storage, _ = self._storage(value, open_set=True)
            sound = {"memory": False, "shared": True}.get(storage)
            detail = Construct("limit-storage", sound, "says where the limits are counted")
            yield self._symbol("flask-limiter", self.module.span(key), detail)

    def _configured(self) -> Iterator[tuple[ast.expr | ast.stmt, ast.expr]]:
        names = ("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL")
        for node in self.module.of(ast.Dict, ast.Assign, ast.AnnAssign, ast.Call):
            match node:
                case ast.Dict(keys=keys, values=values):
                    pairs = zip(keys, values, strict=True)
                    yield from ((k, v) for k, v in pairs if isinstance(k, ast.Constant) and k.value in names)
                case ast.Assign(targets=[ast.Name(id=id)], value=value) if id in names:
                    yield node, value
                case ast.AnnAssign(target=ast.Name(id=id), value=ast.expr() as value) if id in names:
                    yield node, value
                case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=key))], value=value) if key in names:
                    yield node, value
                case ast.Call(keywords=keywords):
                    yield from ((k.value, k.value) for k in keywords if k.arg in names)

    def settings(self) -> Iterator[Symbol]:
        """Yield what a Django settings module says: throttles count in the default cache, which is the process's own
        unless it is told otherwise."""
        if "REST_FRAMEWORK" not in self.module.constants:
            return
        node = self.module.constants["REST_FRAMEWORK"]
        keys = [k.value for k in walk(node) if isinstance(k, ast.Constant)]
        if "DEFAULT_THROTTLE_CLASSES" not in keys or "DEFAULT_THROTTLE_RATES" not in keys:
            return
        cache = self.module.constants.get("CACHES")
        backends = [str(c.value) for c in walk(cache) if isinstance(c, ast.Constant)] if cache is not None else []
        memory = cache is None or any("locmem" in text.lower() or "dummy" in text.lower() for text in backends)
        storage = "unknown" if cache is not None and not backends else "memory" if memory else "shared"
        # What is set under a condition, or in another module of a package of settings, is not followed.
        if cache is None and (
            "CACHES" in self.file.text or "import *" in self.file.text or self.file.name != "settings.py"
        ):
            storage = "unknown"
        at = self.module.span(cache if cache is not None and memory else node)
        proxies = "NUM_PROXIES" in keys
        yield self._symbol("REST framework", at, LimitSet(storage, "other" if proxies else "forwarded", True))


def _refuses(nodes: list[ast.AST]) -> bool:
    """Tell whether a function answers that there were too many requests."""
    return any(
        (isinstance(n, ast.Constant) and n.value == 429) or (isinstance(n, ast.Attribute) and "TOO_MANY" in n.attr)
        for n in nodes
    )


def _key_of(nodes: list[ast.AST]) -> str:
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if any(_FORWARDED.fullmatch(text) for text in texts):
        return "forwarded" if _takes_first(nodes) else "other"
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Attribute(attr="client"), attr="host") | ast.Attribute(attr="remote_addr"):
                return "address"
            case ast.Subscript(value=ast.Attribute(attr="client"), slice=ast.Constant(value=0)):
                return "address"
    return "address" if any(getattr(n, "id", getattr(n, "attr", "")) in _ADDRESS_KEYS for n in nodes) else "other"


def _takes_first(nodes: list[ast.AST]) -> bool:
    """Tell whether code takes the first of the addresses that a header names."""
    for node in nodes:
        match node:
            case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="split")), slice=ast.Constant(value=0)):
                return True
            case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="partition")), slice=ast.Constant(value=0)):
                return True
    return False


def _is_middleware(module: python.Module) -> bool:
    text = " ".join(cls.name for cls in module.of(ast.ClassDef)) + " ".join(module.imports.values())
    decorators = [d for f in module.functions for d in f.decorator_list if isinstance(d, ast.Call)]
    return "Middleware" in text or any(module.dotted(d.func).endswith("middleware") for d in decorators)
