"""HTTP routes of FastAPI, Starlette, Flask, Quart and Django as one module states them; link puts the modules together."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import NameImported, PathText, RouteDeclared, RouterDeclared, RouterIncluded
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import django_urls, python, python_paths
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.PATH})

_APPLICATIONS = {
    "fastapi.FastAPI": "fastapi",
    "starlette.applications.Starlette": "starlette",
    "flask.Flask": "flask",
    "quart.Quart": "quart",
    "apiflask.APIFlask": "flask",
}
_ROUTERS = {
    "fastapi.APIRouter": "fastapi",
    "fastapi.routing.APIRouter": "fastapi",
    "starlette.routing.Router": "starlette",
    "flask.Blueprint": "flask",
    "quart.Blueprint": "quart",
    "apiflask.APIBlueprint": "flask",
}
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_DECORATORS = frozenset({*_VERBS, "route", "api_route", "websocket", "websocket_route", "get_post"})
_ADDERS = frozenset({"add_api_route", "add_route", "add_url_rule", "add_api_websocket_route", "add_websocket_route"})
_ADDING = _ADDERS | {"include_router", "register_blueprint", "mount", "host", "add_resource", "register"}
_ENTRIES = {
    "starlette.routing.Route": False,
    "starlette.routing.WebSocketRoute": False,
    "fastapi.routing.APIRoute": False,
    "starlette.routing.Mount": True,
}
_SUB_APPLICATIONS = frozenset(
    {"prometheus_client.make_asgi_app", "prometheus_client.make_wsgi_app", "starlette.staticfiles.StaticFiles"}
    | {"fastapi.staticfiles.StaticFiles", "prometheus_client.asgi.make_asgi_app"}
)
_UNREAD = frozenset(
    {"aiohttp.web", "sanic", "litestar", "tornado.web", "falcon", "bottle", "robyn", "blacksheep", "cherrypy", "ninja"}
    | {
        "rest_framework_nested",
        "rest_framework_extensions",
        "flask_restx",
        "connexion",
        "strawberry",
        "nicegui",
        "gradio",
        "pyramid.config",
    }
    | {"flask_restful", "hug", "responder", "emmett", "web.py", "xmlrpc.server", "twisted.web"}
)
_WORDS = frozenset("fastapi starlette flask quart urlpatterns router Router lueprint ROOT_URLCONF".split()) | {
    name.partition(".")[0] for name in _UNREAD
}
_BELOW_UNREAD = tuple(f"{name}." for name in sorted(_UNREAD))
_PREFIX = re.compile(r"[=:(]\s*[frb]?[\"']/[\w{]")
_READ = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Call, ast.Import, ast.ImportFrom, ast.Compare),
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of routes, or holds a text that may be the prefix of some."""
    text = file.text
    return any(word in text for word in _WORDS) or (("'/" in text or '"/' in text) and _PREFIX.search(text) is not None)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield applications, routers, routes, inclusions, names handed on and texts that may be prefixes."""
    module = python.module(file)
    reader = _Reader(file, module)
    yield from reader.names()
    for node in module.of(*_READ):
        match node:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from reader.assigned(target, value)
            case ast.AugAssign(target=ast.Name(id="urlpatterns") as target, value=value):
                yield from reader.listed(reader.key(target), value, "")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for decorator in node.decorator_list:
                    yield from reader.decorated(decorator, node.name)
                yield from reader.returned(node)
            case ast.ClassDef():
                for decorator in node.decorator_list:
                    yield from reader.decorated(decorator, node.name)
            case ast.Call():
                yield from reader.called(node)
            case ast.Import(names=names):
                for alias in names:
                    yield from reader.unread(alias.name, node)
            case ast.ImportFrom(module=str(source), names=names, level=0):
                for alias in names:
                    yield from reader.unread(f"{source}.{alias.name}", node)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.In()], comparators=[right]):
                yield from reader.compared(left, right)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def key(self, node: ast.expr) -> str:
        """Return the dotted name of an expression: of another module where it is imported, else of this file."""
        if isinstance(node, ast.Call):
            node = node.func
        if isinstance(node, ast.Attribute) and node.attr == "urls" and "rout" in self.module.dotted(node.value).lower():
            node = node.value
        dotted = self.module.dotted(node)
        if not dotted:
            return ""
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        imported = isinstance(root, ast.Name) and root.id in self.module.imports
        if imported and dotted.startswith("."):
            return python_paths.absolute(self.file.path, dotted)
        return dotted if imported else f"{self.file.path}:{dotted}"

    def path(self, node: ast.expr | None) -> str | None:
        return python_paths.text(self.module, self.key, node)

    def _symbol(self, name: str, detail: Detail, at: Span, *, refers: bool = False) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.CONSTRUCT, action, Exact(name), at, role=self.file.role, detail=detail)

    def names(self) -> Iterator[Symbol]:
        """Yield the imports that may hand on a router or prefix, and the texts that may be prefixes."""
        for own, target in sorted(self.module.imports.items()):
            if target.startswith(".") or "." in target:
                target = python_paths.absolute(self.file.path, target) if target.startswith(".") else target
                if self.file.name == "__init__.py" or re.search(
                    r"rout|app|api|blueprint|\bbp\b|urls|view", own, re.IGNORECASE
                ):
                    yield self._symbol(
                        f"{self.file.path}:{own}", NameImported(target), Span(self.file.path), refers=True
                    )
        yield from (
            self._symbol(f"{self.file.path}:{name}", PathText(text), self.module.span(node))
            for name, text, node in python_paths.constants(self.module)
        )

    def assigned(self, target: ast.expr, value: ast.expr) -> Iterator[Statement]:
        """Yield an application or router that is made, with the routes given to it."""
        key = self.key(target)
        if not key:
            return
        match value:
            case ast.Call(func=called, keywords=keywords):
                dotted = self.module.dotted(called)
                given = {keyword.arg: keyword.value for keyword in keywords}
                form = "application" if dotted in _APPLICATIONS else "router"
                framework = _APPLICATIONS.get(dotted) or _ROUTERS.get(dotted)
                if framework:
                    prefix = self.path(given.get("prefix", given.get("url_prefix"))) if form == "router" else ""
                    if "prefix" not in given and "url_prefix" not in given:
                        prefix = ""
                    declared = RouterDeclared(form, framework, prefix, _asked(given))
                    yield self._symbol(key, declared, self.module.span(value))
                    root = self.path(given.get("root_path")) if "root_path" in given else ""
                    if root:
                        yield self._symbol(key, RouteDeclared(root, below=True), self.module.span(value))
                    if "routes" in given:
                        yield from self.listed(key, given["routes"], "")
                elif dotted in django_urls.ROUTERS:
                    yield self._symbol(key, RouterDeclared("router", "django"), self.module.span(value))
                    if django_urls.ROUTERS[dotted]:
                        yield self._symbol(key, RouteDeclared("/"), self.module.span(value))
                elif dotted in _SUB_APPLICATIONS:
                    yield self._symbol(key, RouterDeclared("router", dotted), self.module.span(value))
                    yield self._symbol(key, RouteDeclared("", below=True), self.module.span(value))
                elif isinstance(called, ast.Name | ast.Attribute) and _may_be_router(key):
                    yield self._symbol(key, NameImported(self.key(called)), self.module.span(value), refers=True)
            case ast.List() | ast.Tuple() if any(isinstance(item, ast.Call) for item in value.elts):
                if isinstance(target, ast.Name) and self._lists_routes(value):
                    yield self._symbol(key, RouterDeclared("router", "list"), self.module.span(value))
                    yield from self.listed(key, value, "")
            case ast.BinOp() | ast.Call() if isinstance(target, ast.Name) and target.id == "urlpatterns":
                yield self._symbol(key, RouterDeclared("router", "django"), self.module.span(value))
                yield from self.listed(key, value, "")
            case ast.Name() | ast.Attribute() if _may_be_router(key):
                yield self._symbol(key, NameImported(self.key(value)), self.module.span(value), refers=True)
            case ast.Constant(value=str(text)) if isinstance(target, ast.Name) and target.id == "ROOT_URLCONF":
                name = f"{self.file.path}:ROOT_URLCONF"
                yield self._symbol(name, RouterDeclared("application", "django"), self.module.span(value))
                inner = RouterIncluded(f"{text}.urlpatterns")
                yield self._symbol(name, inner, self.module.span(value), refers=True)

    def _lists_routes(self, value: ast.List | ast.Tuple) -> bool:
        names = [self.module.dotted(item.func) for item in value.elts if isinstance(item, ast.Call)]
        return any(
            name in _ENTRIES or name.startswith("django.urls.") or name == "django.conf.urls.url" for name in names
        )

    def returned(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Symbol]:
        """Yield the router a factory returns under the factory's name."""
        for node in self.module.below(function):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and _may_be_router(node.value.id):
                name = f"{self.file.path}:{function.name}"
                yield self._symbol(name, NameImported(self.key(node.value)), self.module.span(node.value), refers=True)

    def decorated(self, decorator: ast.expr, handler: str) -> Iterator[Symbol]:
        """Yield the route a decorator declares."""
        match decorator:
            case ast.Call(func=ast.Attribute(value=router, attr=attr), args=arguments, keywords=keywords):
                given = {keyword.arg: keyword.value for keyword in keywords}
                place = arguments[0] if arguments else given.get("path", given.get("rule"))
                if attr in _DECORATORS and place is not None and (key := self.key(router)):
                    path = self.path(place)
                    if path is None or path.startswith(("/", "${", "*")) or path == "":
                        methods = (attr.upper(),) if attr in _VERBS else _methods(given.get("methods"))
                        yield self._symbol(key, RouteDeclared(path, methods, handler=handler), self.module.span(place))

    def called(self, call: ast.Call) -> Iterator[Statement]:
        """Yield what a call of a router's method adds to it."""
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _ADDING:
            return
        key, attr = self.key(call.func.value), call.func.attr
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        first = call.args[0] if call.args else None
        at = self.module.span(call)
        if attr in _ADDERS and (place := first or given.get("path", given.get("rule"))) is not None:
            handler = call.args[1] if len(call.args) > 1 else given.get("endpoint", given.get("view_func"))
            name = self.module.dotted(handler).rpartition(".")[2] if handler is not None else ""
            detail = RouteDeclared(self.path(place), _methods(given.get("methods")), handler=name)
            yield self._symbol(key, detail, self.module.span(place))
        elif attr in ("include_router", "register_blueprint"):
            inner = first or given.get("router", given.get("blueprint"))
            prefix = given.get("prefix", given.get("url_prefix"))
            yield self._included(key, inner, self.path(prefix) if prefix is not None else "", at, _asked(given))
        elif attr in ("mount", "host") and (place := first or given.get("path")) is not None:
            yield from self.mounted(key, self.path(place), call.args[1] if len(call.args) > 1 else given.get("app"), at)
        elif attr == "register" and isinstance(first, ast.Constant) and "rout" in key.lower():
            held = self.path(first)
            yield self._symbol(key, RouteDeclared(held and f"/{held.strip('/')}/", below=True), at)
        elif attr == "add_resource" and call.args:
            for place in call.args[1:]:
                if not isinstance(place, ast.Starred):
                    yield self._symbol("", RouteDeclared(self.path(place)), self.module.span(place))

    def _included(
        self, key: str, inner: ast.expr | None, prefix: str | None, at: Span, asked: tuple[str, ...] = ()
    ) -> Symbol:
        name = self.key(inner) if inner is not None else ""
        return self._symbol(key, RouterIncluded(name or None, prefix, asked), at, refers=True)

    def mounted(self, key: str, path: str | None, inner: ast.expr | None, at: Span) -> Iterator[Statement]:
        """Yield a mounted application: one of ours, or something that serves all below its path."""
        named = isinstance(inner, ast.Name | ast.Attribute) and self.key(inner)
        if named:
            yield self._symbol(key, RouterIncluded(str(named), path), at, refers=True)
        else:
            yield self._symbol(key, RouteDeclared(path, below=True), at)

    def listed(self, key: str, value: ast.expr, prefix: str) -> Iterator[Statement]:
        """Yield the routes a list holds; what is no plain list opens the set below the prefix."""
        match value:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    yield from self._entry(key, item, prefix)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self.listed(key, left, prefix)
                yield from self.listed(key, right, prefix)
            case ast.Name() | ast.Attribute():
                yield self._included(key, value, prefix, self.module.span(value))
            case ast.Call(func=called) if self.module.dotted(called) in django_urls.DEBUG_ONLY:
                return
            case ast.Call(func=called, args=items) if self.module.dotted(called).endswith("i18n_patterns"):
                for item in items:
                    yield from self._entry(key, item, prefix)
                    yield from self._entry(key, item, f"{prefix}/*")
            case ast.Call(func=called, args=[inner, *_]) if self.module.dotted(called).endswith("suffix_patterns"):
                yield from self.listed(key, inner, prefix)
            case _:
                yield self._symbol(key, RouteDeclared(prefix + "**", below=True), self.module.span(value))

    def _entry(self, key: str, item: ast.expr, prefix: str) -> Iterator[Statement]:
        at = self.module.span(item)
        if isinstance(item, ast.Starred):
            yield from self.listed(key, item.value, prefix)
            return
        if not isinstance(item, ast.Call):
            yield self._symbol(key, RouteDeclared(prefix + "**", below=True), at)
            return
        dotted = self.module.dotted(item.func)
        given = {keyword.arg: keyword.value for keyword in item.keywords}
        place = item.args[0] if item.args else given.get("path", given.get("route"))
        path = self.path(place) if place is not None else ""
        second = item.args[1] if len(item.args) > 1 else given.get("view", given.get("endpoint", given.get("app")))
        if dotted.startswith("django."):
            yield from self._django(key, dotted, path, second, prefix, at)
        elif path is None:
            yield self._symbol(key, RouteDeclared(None, below=True), at)
        elif dotted in _ENTRIES and not _ENTRIES[dotted]:
            handler = self.module.dotted(second).rpartition(".")[2] if second is not None else ""
            detail = RouteDeclared(prefix + path, _methods(given.get("methods")), handler=handler)
            yield self._symbol(key, detail, self.module.span(place) if place is not None else at)
        elif dotted in _ENTRIES:
            if "routes" in given:
                yield from self.listed(key, given["routes"], prefix + path)
            else:
                yield from self.mounted(key, prefix + path, second, at)
        else:
            yield self._symbol(key, RouteDeclared(prefix + "**", below=True), at)

    def _django(
        self, key: str, dotted: str, path: str | None, second: ast.expr | None, prefix: str, at: Span
    ) -> Iterator[Statement]:
        if path is None:
            yield self._symbol(key, RouteDeclared(None, below=True), at)
            return
        if dotted.rpartition(".")[2] in ("re_path", "url"):
            path = python_paths.from_regex(path)
        whole = prefix + "/" + path.lstrip("/")
        if isinstance(second, ast.Call) and self.module.dotted(second.func).endswith("include"):
            inner = second.args[0] if second.args else None
            if isinstance(inner, ast.Tuple) and inner.elts:
                inner = inner.elts[0]
            match inner:
                case ast.Constant(value=str(text)) if text in django_urls.PROVIDED:
                    for below in django_urls.PROVIDED[text]:
                        yield self._symbol(key, RouteDeclared(whole.rstrip("/") + below), at)
                case ast.Constant(value=str(text)):
                    yield self._symbol(key, RouterIncluded(f"{text}.urlpatterns", whole), at, refers=True)
                case ast.Name() | ast.Attribute():
                    yield self._symbol(key, RouterIncluded(self.key(inner) or None, whole), at, refers=True)
                case _:
                    yield self._symbol(key, RouterIncluded(None, whole), at, refers=True)
        elif isinstance(second, ast.Attribute) and second.attr == "urls":
            yield self._symbol(key, RouteDeclared(whole, below=True), at)
        else:
            handler = (
                _view(self.module.dotted(second.func if isinstance(second, ast.Call) else second)) if second else ""
            )
            # Django adds a slash that is missing, and never takes one away.
            strict = dotted.endswith(".path") and whole != "/"
            yield self._symbol(key, RouteDeclared(whole, handler=handler, strict=strict), at)

    def unread(self, name: str, node: ast.stmt) -> Iterator[Open]:
        """Open the set of paths where a framework is used whose routes are not read."""
        if name in _UNREAD or name.startswith(_BELOW_UNREAD):
            reason = f"the routes of {name.split('.')[0]} are not read"
            yield Open(Kind.PATH, "", reason, self.module.span(node))

    def compared(self, left: ast.expr, right: ast.expr) -> Iterator[Symbol]:
        """Yield the paths a bare ASGI application compares `scope["path"]` with."""
        if isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant) and left.slice.value == "path":
            for item in right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]:
                path = self.path(item)
                if path and path.startswith("/"):
                    yield self._symbol("", RouteDeclared(path, handler="scope"), self.module.span(item))


def _view(name: str) -> str:
    """Return the function or class that answers, of `views.Ready.as_view` the class."""
    return name.removesuffix(".as_view").rpartition(".")[2]


def _may_be_router(name: str) -> bool:
    return re.search(r"rout|app|api|blueprint|bp$|urls", name.rpartition(":")[2], re.IGNORECASE) is not None


def _methods(node: ast.expr | None) -> tuple[str, ...]:
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return ()
    return tuple(
        item.value.upper() for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)
    )


def _asked(given: dict[str | None, ast.expr]) -> tuple[str, ...]:
    """Return the names among the dependencies of a router, an application or an inclusion."""
    nodes = list(walk(given["dependencies"])) if "dependencies" in given else []
    named = {n.id if isinstance(n, ast.Name) else n.attr for n in nodes if isinstance(n, ast.Name | ast.Attribute)}
    return tuple(sorted(named))
