"""Protections that Python code switches off: debug modes, exemptions, settings of Django."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = ("debug", "DEBUG", "MIDDLEWARE", "csrf_exempt")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that such settings go by."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every such setting, sound or not."""
    reader = _Reader(file, python.module(file))
    for call, called in reader.module.calls:
        yield from reader.debug(call, called)
    yield from reader.assigned()
    yield from reader.exempted()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _construct(self, kind: str, name: str, node: ast.expr | ast.stmt, *, sound: bool | None, says: str) -> Symbol:
        detail = Construct(kind, sound, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def debug(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield applications that are made in debug mode."""
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        value = given.get("debug")
        if called in ("fastapi.FastAPI", "starlette.applications.Starlette") and _true(value):
            yield self._construct(
                "debug",
                "debug",
                call,
                sound=False,
                says=f"`{called.rpartition('.')[2]}(debug=True)` shows tracebacks to callers",
            )

    def assigned(self) -> Iterator[Symbol]:
        """Yield settings of Django that switch a protection off."""
        settings = "INSTALLED_APPS" in self.module.constants or "ROOT_URLCONF" in self.module.constants
        local = re.search(r"(^|[/_.])(dev|develop\w*|local|test\w*|debug|ci)([/_.]|$)", self.file.path)
        value = self.module.constants.get("DEBUG")
        if settings and value is not None and not local and _default_true(value):
            says = "`DEBUG` is on" + ("" if isinstance(value, ast.Constant) else " unless a variable says otherwise")
            yield self._construct(
                "debug", "DEBUG", value, sound=False, says=f"{says}: error pages show source and settings"
            )
        middleware = self.module.constants.get("MIDDLEWARE")
        if settings and middleware is not None:
            names = [str(n.value) for n in walk(middleware) if isinstance(n, ast.Constant)]
            sessions = any("SessionMiddleware" in name for name in names)
            if sessions and isinstance(middleware, ast.List):
                sound = any("csrf" in name.lower() for name in names)
                yield self._construct(
                    "csrf", "MIDDLEWARE", middleware, sound=sound,
                    says="`MIDDLEWARE` has sessions and no `CsrfViewMiddleware`: other sites can post in a user's name",
                )  # fmt: skip
                secure = any("SecurityMiddleware" in name for name in names)
                yield self._construct(
                    "headers", "MIDDLEWARE", middleware, sound=secure, says="`MIDDLEWARE` has no `SecurityMiddleware`"
                )

    def exempted(self) -> Iterator[Symbol]:
        """Yield views that are exempt from the proof that a form is ours, although a session stands behind them."""
        for function in self.module.functions:
            for decorator in function.decorator_list:
                if self.module.dotted(decorator).endswith("csrf_exempt"):
                    below = self.module.below(function)
                    uses = any(isinstance(n, ast.Attribute) and n.attr in ("user", "session") for n in below)
                    names = {
                        self.module.dotted(d if not isinstance(d, ast.Call) else d.func)
                        for d in function.decorator_list
                    }
                    logged = any("login_required" in name for name in names)
                    if uses or logged:
                        says = f"`{function.name}` acts for the user of a session and is exempt from the proof of its forms"
                        yield self._construct("csrf", function.name, decorator, sound=False, says=says)


def _true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _default_true(node: ast.expr) -> bool:
    """Tell whether a setting is on, or on unless a variable says otherwise."""
    match node:
        case ast.Constant(value=True):
            return True
        case ast.Call(args=[ast.Constant(value=str()), ast.Constant(value=default)]):
            return default is True or (isinstance(default, str) and default.lower() in ("true", "1", "yes", "on"))
        case ast.Call(args=[ast.Constant(value=str())], keywords=[ast.keyword(arg="default", value=inner), *_]):
            return _true(inner)
        case ast.Call(func=ast.Name(id="bool" | "int" | "strtobool"), args=[inner]):
            return _default_true(inner)
        case ast.Compare(left=ast.Call() as left, ops=[ast.Eq()], comparators=[ast.Constant(value=str(wanted))]):
            match left:
                case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="lower" | "upper")):
                    left = inner
            given = left.args[1].value if len(left.args) > 1 and isinstance(left.args[1], ast.Constant) else None
            return isinstance(given, str) and given.lower() == wanted.lower()
        case ast.Compare(left=ast.Call(func=ast.Attribute(value=ast.Call() as inner)), ops=[ast.In()]):
            return _default_true(inner)
    return False
