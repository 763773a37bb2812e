"""Views of Django that bound how often one caller may ask, and the functions that tell callers apart.

django-ratelimit counts in a cache of the project; its key "ip" is REMOTE_ADDR, which no server of Django's changes.
Source: https://django-ratelimit.readthedocs.io/en/stable/keys.html.
"""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.django import CallerTold, ViewLimited
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_DECORATORS = frozenset({"django_ratelimit.decorators.ratelimit", "ratelimit.decorators.ratelimit"})
_HEADER = re.compile(r"(HTTP_)?X[-_]FORWARDED[-_]FOR", re.IGNORECASE)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that limits views, or reads whose address a request has."""
    return any(word in file.text for word in ("ratelimit", "REMOTE_ADDR", "orwarded", "FORWARDED"))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the limited views and the functions that give an address."""
    module = python.module(file)

    def symbol(name: str, node: ast.expr, action: Action, detail: Detail) -> Symbol:
        place = module.span(node)
        return Symbol(Kind.CONSTRUCT, action, Exact(name), place, role=file.role, detail=detail)

    for function in module.functions:
        for decorator in function.decorator_list:
            limit = _limit(module, decorator)
            if limit is not None:
                yield symbol(function.name, decorator, Action.REFERS, _by(module, limit))
        told = _told(module, function)
        if told is not None:
            key, node = told
            yield symbol(function.name, node, Action.DEFINES, CallerTold(key))
    yield from _siblings(file, module)
    for owner in module.of(ast.ClassDef):
        for decorator in owner.decorator_list:
            limit = _limit(module, decorator)
            if limit is not None:
                place = module.span(decorator)
                yield Symbol(
                    Kind.CONSTRUCT, Action.REFERS, Exact(owner.name), place, role=file.role, detail=_by(module, limit)
                )


def _siblings(file: SourceFile, module: python.Module) -> Iterator[Symbol]:
    """Yield the one view of a module that changes something without the limit that all others have, and these."""
    limited: list[tuple[str, ast.Call]] = []
    bare: list[python.Function] = []
    for function in module.functions:
        found = [one for d in function.decorator_list if (one := _limit(module, d)) is not None]
        if found:
            limited.append((function.name, found[0]))
        elif any(_writes(module, d) for d in function.decorator_list):
            bare.append(function)
    # One and the same limit everywhere is a policy; limits of their own are chosen view by view.
    if len(limited) < 2 or len({ast.unparse(call) for _, call in limited}) != 1 or len(bare) > 1:
        return
    for function in bare:
        says = f"`{function.name}` changes something, and nothing bounds how often it is asked; `{limited[0][0]}` beside it is"
        detail = Construct("unlimited", False, says)
        at = module.span(function.decorator_list[0])
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(function.name), at, role=file.role, detail=detail)
    for name, call in limited[:3]:
        detail = Construct("unlimited", True, f"`{name}` is bounded")
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(call), role=file.role, detail=detail)


def _writes(module: python.Module, decorator: ast.expr) -> bool:
    """Tell whether a decorator of Django says that a view answers what changes something."""
    called = module.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2]
    if called == "require_POST":
        return True
    texts = [n.value for n in walk(decorator) if isinstance(n, ast.Constant)]
    return called == "require_http_methods" and bool({"POST", "PUT", "PATCH", "DELETE"} & set(texts))


def _limit(module: python.Module, decorator: ast.expr) -> ast.Call | None:
    """Return the call that makes a limiter, also where `method_decorator` takes it."""
    if not isinstance(decorator, ast.Call):
        return None
    called = module.dotted(decorator.func)
    if called in _DECORATORS:
        return decorator
    if called.endswith("method_decorator") and decorator.args:
        return _limit(module, decorator.args[0])
    return None


def _by(module: python.Module, call: ast.Call) -> ViewLimited:
    key = next((k.value for k in call.keywords if k.arg == "key"), call.args[1] if len(call.args) > 1 else None)
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        text = key.value
        if text in ("ip", "user_or_ip"):
            return ViewLimited("address")
        if _HEADER.fullmatch(text.removeprefix("header:")) and text.startswith("header:"):
            return ViewLimited("forwarded")
        return ViewLimited("", text) if "." in text else ViewLimited("other")
    if isinstance(key, ast.Name | ast.Attribute):
        dotted = module.dotted(key)
        local = isinstance(key, ast.Name) and "." not in dotted
        return ViewLimited("", f"{module.path.removesuffix('.py').replace('/', '.')}.{dotted}" if local else dotted)
    return ViewLimited("other")


def _told(module: python.Module, function: python.Function) -> tuple[str, ast.expr] | None:
    """Return by which address a function that returns one knows the caller, with the place that shows it."""
    if len(module.below(function)) > 400 or not any(isinstance(n, ast.Return) for n in module.below(function)):
        return None
    header: ast.expr | None = None
    address: ast.expr | None = None
    first: ast.expr | None = None
    for node in module.below(function):
        match node:
            case ast.Constant(value=str(text)) as found if _HEADER.fullmatch(text):
                header = header or found
            case ast.Constant(value="REMOTE_ADDR") as found:
                address = address or found
            case (
                ast.Subscript(
                    value=ast.Call(func=ast.Attribute(attr="split" | "partition")), slice=ast.Constant(value=0)
                ) as taken
            ):
                first = first or taken
    if header is not None:
        return ("forwarded", first) if first is not None else ("other", header)
    return ("address", address) if address is not None else None
