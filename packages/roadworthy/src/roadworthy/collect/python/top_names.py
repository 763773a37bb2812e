"""Names at the top of the modules that make an application: what a server can be told to start."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.image import NamesBound
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset[Kind]()

_MAKING = re.compile(
    r"\b(?:FastAPI|Flask|Starlette|Quart|Litestar|Sanic|get_wsgi_application|get_asgi_application|create_app|make_app|build_app"
    r"|Falcon|Bottle|BlackSheep|Application|ProtocolTypeRouter)\("
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that makes an application."""
    return _MAKING.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the names of the module, unless it may have more than can be seen."""
    module = python.module(file)
    found: set[str] = set()
    if "globals()" in file.text or "__getattr__" in file.text or "exec(" in file.text:
        return
    pending: list[ast.stmt] = list(module.tree.body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
                continue
            case ast.ImportFrom(names=names) if any(alias.name == "*" for alias in names):
                return
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(alias.asname or alias.name).partition(".")[0] for alias in names}
                continue
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.stmt):
                pending.append(inner)
            elif isinstance(inner, ast.ExceptHandler | ast.match_case):
                pending += inner.body
            else:
                found |= {n.id for n in ast.walk(inner) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    detail = NamesBound(frozenset(found))
    yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(file.path), Span(file.path), role=file.role, detail=detail)
