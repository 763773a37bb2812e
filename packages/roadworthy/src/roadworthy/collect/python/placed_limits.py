"""Before which routes Python code puts a limit on the number of requests, and which it lets through."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.limit import LimiterMade, LimitFreed, LimitPlaced
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_LIMIT = re.compile(r"(?:^|_|(?<=[a-z]))(?:rate_?)?limit(?:er|ed|s)?\b|throttl|within_limit|RateLimit", re.IGNORECASE)
_OTHER = re.compile(r"page|paginat|offset|param|query|size|body|upload|file|time|char|length|field", re.IGNORECASE)
_ABOUT = re.compile(r"health|alive|live|ready|readiness|startup|ping|heartbeat|status|probe", re.IGNORECASE)
_SLOWAPI = ("slowapi.middleware.SlowAPIMiddleware", "slowapi.middleware.SlowAPIASGIMiddleware")
_APPLICATIONS = ("fastapi.FastAPI", "fastapi.applications.FastAPI")
_ROUTERS = ("fastapi.APIRouter", "fastapi.routing.APIRouter")
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "route", "api_route"})
_REFUSES = re.compile(r"\b429\b|TOO_MANY")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of limits."""
    return any(word in file.text for word in ("limit", "Limit", "throttl", "Throttl"))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield where limits stand, what they let through, and the limiters that are made."""
    reader = _Reader(file, python.module(file))
    limited: dict[str, str] = {}
    for call, called in reader.module.calls:
        yield from reader.called(call, called, limited)
    for function in reader.module.functions:
        yield from reader.function(function, limited)
    for made in reader.module.of(ast.ClassDef):
        yield from reader.made(made)
    yield from reader.listed()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, name: str, at: ast.expr | ast.stmt, detail: Detail) -> Symbol:
        action = Action.DEFINES if isinstance(detail, LimiterMade) else Action.REFERS
        place = self.module.span(at)
        return Symbol(Kind.CONSTRUCT, action, Exact(name), place, role=self.file.role, detail=detail)

    def called(self, call: ast.Call, called: str, limited: dict[str, str]) -> Iterator[Symbol]:
        """Yield what one call says; note the routers that it limits as a whole."""
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        last = called.rpartition(".")[2]
        dependency = _depended(given.get("dependencies"))
        if called.startswith("slowapi.") and last == "Limiter":
            if any(name in given for name in ("default_limits", "application_limits")):
                yield self._symbol("slowapi", call, LimiterMade())
        elif called.startswith("flask_limiter.") and last == "Limiter":
            if any(name in given for name in ("default_limits", "application_limits")):
                hidden = "default_limits_exempt_when" in given or "request_filter" in self.file.text
                why = "which requests it lets through is decided while it runs" if hidden else ""
                yield self._symbol("flask-limiter", call, LimitPlaced("all", why=why))
        elif last == "add_middleware" and call.args:
            middleware = self.module.dotted(call.args[0])
            if middleware in _SLOWAPI:
                yield self._symbol("slowapi", call, LimitPlaced("all", made=True))
            elif _limits(middleware.rpartition(".")[2]):
                yield self._symbol(middleware.rpartition(".")[2], call, LimitPlaced("all", made=True))
        elif called in _APPLICATIONS and dependency:
            yield self._symbol(dependency, given["dependencies"], LimitPlaced("all"))
        elif called in _ROUTERS and dependency:
            outer = self.module.parents.get(call)
            match outer:
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    limited[name] = dependency
        elif last == "include_router" and dependency and call.args:
            target = self.module.dotted(call.args[0])
            if "." in target:
                module = target.rpartition(".")[0]
                yield self._symbol(dependency, given["dependencies"], LimitPlaced("module", module))
        elif last == "exempt" and call.args and _limits(called.rpartition(".")[0].rpartition(".")[2]):
            name = self.module.dotted(call.args[0])
            yield self._symbol("exempt", call, LimitFreed("handler", name.rpartition(".")[2]))
            if isinstance(call.args[0], ast.Name) and call.args[0].id in self._blueprints():
                yield self._symbol("exempt", call, LimitFreed("module", self.file.path.removesuffix(".py")))
            elif re.search(r"bp|blueprint", name.rpartition(".")[2], re.IGNORECASE):
                yield self._symbol("exempt", call, LimitFreed("module", name.rpartition(".")[0]))

    def _blueprints(self) -> set[str]:
        """Return the names of the blueprints that this module makes."""
        return {
            target.id
            for node in self.module.of(ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
            and isinstance(node.value, ast.Call)
            and self.module.dotted(node.value.func).rpartition(".")[2] in ("Blueprint", "APIBlueprint")
        }

    def function(self, function: python.Function, limited: dict[str, str]) -> Iterator[Symbol]:
        """Yield the limits that stand before one handler, and whether it is let through; a limiter that it is itself."""
        if any(_is_middleware(decorator) for decorator in function.decorator_list):
            if self._refuses(function):
                yield self._symbol(function.name, function, LimitPlaced("all", made=True))
                yield self._symbol(function.name, function, self._own(function))
            return
        routes = " ".join(ast.unparse(d) for d in function.decorator_list)
        if not (_ABOUT.search(function.name) or _ABOUT.search(routes)):
            return
        for decorator in function.decorator_list:
            yield from self._before(function.name, decorator, limited)
        arguments = function.args
        defaults: list[ast.expr | None] = [*arguments.defaults, *arguments.kw_defaults]
        defaults.extend(argument.annotation for argument in (*arguments.args, *arguments.kwonlyargs))
        for place in defaults:
            if place is not None and (name := _depended(place)):
                yield self._symbol(name, place, LimitPlaced("handler", function.name))

    def _before(self, handler: str, decorator: ast.expr, limited: dict[str, str]) -> Iterator[Symbol]:
        dotted = self.module.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        holder, _, last = dotted.rpartition(".")
        if last == "exempt" and _limits(holder.rpartition(".")[2]):
            yield self._symbol("exempt", decorator, LimitFreed("handler", handler))
        elif isinstance(decorator, ast.Call):
            if last in ("limit", "shared_limit") and _limits(holder.rpartition(".")[2] or holder):
                yield self._symbol(holder.rpartition(".")[2], decorator, LimitPlaced("handler", handler))
            elif last in ("ratelimit", "rate_limit", "rate_limited", "throttle", "rate_limit_by_ip"):
                yield self._symbol(last, decorator, LimitPlaced("handler", handler))
            elif last == "method_decorator" and decorator.args:
                yield from self._before(handler, decorator.args[0], limited)
            elif last == "throttle_classes" and decorator.args and _is_filled(decorator.args[0]):
                yield self._symbol(last, decorator, LimitPlaced("handler", handler))
            elif last in _VERBS:
                given = next((k.value for k in decorator.keywords if k.arg == "dependencies"), None)
                if name := _depended(given):
                    yield self._symbol(name, decorator, LimitPlaced("handler", handler))
                elif holder in limited:
                    made = self.module.constants.get(holder, decorator)
                    yield self._symbol(limited[holder], made, LimitPlaced("handler", handler))

    def made(self, made: ast.ClassDef) -> Iterator[Symbol]:
        """Yield a limiter that a class is, and the limits that stand before a view that a class is."""
        if _ABOUT.search(made.name):
            for decorator in made.decorator_list:
                yield from self._before(made.name, decorator, {})
            for node in made.body:
                match node:
                    case ast.Assign(targets=[ast.Name(id="throttle_classes")], value=value) if _is_filled(value):
                        yield self._symbol("throttle_classes", node, LimitPlaced("handler", made.name))
        if _limits(made.name) and any(
            isinstance(n, python.Function) and n.name in ("dispatch", "__call__", "process_request") for n in made.body
        ):
            yield self._symbol(made.name, made, self._own(made))

    def listed(self) -> Iterator[Symbol]:
        """Yield the limiters among the middleware of a Django settings module."""
        given = self.module.constants.get("MIDDLEWARE")
        for node in walk(given) if given is not None else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value.rpartition(".")[2]
                if _limits(name):
                    yield self._symbol(name, node, LimitPlaced("all", made=True))

    def _refuses(self, top: ast.AST) -> bool:
        return any(
            (isinstance(n, ast.Constant) and n.value == 429) or (isinstance(n, ast.Attribute) and "TOO_MANY" in n.attr)
            for n in walk(top)
        )

    def _own(self, top: python.Function | ast.ClassDef) -> LimiterMade:
        """Read which paths a limiter written by hand lets through."""
        nodes = walk(top)
        texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        named = [
            self.module.constants[n.id] for n in nodes if isinstance(n, ast.Name) and n.id in self.module.constants
        ]
        texts += [n.value for c in named for n in walk(c) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        leaves = tuple(sorted({text for text in texts if text.startswith("/") and len(text) > 1}))
        looks = any(isinstance(n, ast.Attribute) and "path" in n.attr for n in nodes) or "path" in texts
        foreign = isinstance(top, ast.ClassDef) and not self._refuses(top)
        why = "which paths it lets through is not seen" if (looks and not leaves) or foreign else ""
        return LimiterMade(leaves if looks else (), why)


def _limits(name: str) -> bool:
    return _LIMIT.search(name) is not None and not _OTHER.search(name)


def _is_filled(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple) and bool(node.elts)


def _is_middleware(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr in ("middleware", "before_request", "before_app_request")


def _depended(node: ast.expr | None) -> str:
    """Return the name of a limiter among the dependencies that an expression states, "" where there is none."""
    for call in walk(node) if node is not None else ():
        match call:
            case ast.Call(func=ast.Name(id="Depends") | ast.Attribute(attr="Depends"), args=[first, *_]):
                wanted = first.func if isinstance(first, ast.Call) else first
                name = wanted.attr if isinstance(wanted, ast.Attribute) else getattr(wanted, "id", "")
                if _limits(name):
                    return str(name)
    return ""
