"""Names that Python code uses and nothing in its module binds, in any scope.

A name that some other function binds is not looked at: what is told here holds whatever scope it stands in.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import NameUnbound
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_KNOWN = frozenset(dir(builtins)) | frozenset(
    """
    __file__ __name__ __doc__ __path__ __spec__ __loader__ __package__ __builtins__ __annotations__ __debug__ __class__
    __qualname__ __module__ __dict__ __cached__ __all__ __version__ _ gettext ngettext reveal_type reveal_locals WindowsError
    PythonFinalizationError ExceptionGroup BaseExceptionGroup EncodingWarning aiter anext get_ipython display spark sc dbutils
    unicode long xrange basestring raw_input get_config exit quit copyright credits license __conditional_annotations__
    """.split()
)
# Names come into a module in ways that do not show as names.
_OPEN = re.compile(
    r"import\s*\*|\bexec\(|\beval\(|\bglobals\(\)|\blocals\(\)|\bvars\(\)|\bsetattr\(\s*(?:builtins|sys\.modules)|NameError"
    r"|__builtins__|\bbuiltins\.\w+\s*=|split_settings|\bexecfile\b|inject"
)
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_SETTINGS = re.compile(r"(?:^|[/_.])(?:settings|conf|config|configuration|local)(?:[/_.])")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module of the product into which no names come unseen."""
    return file.role is FileRole.PROD and not _OPEN.search(file.text)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first use of each such name."""
    module = python.module(file)
    bound = _bound(module)
    lazy = "annotations" in file.text and module.imports.get("annotations") == "__future__.annotations"
    aside = _annotations(module) if lazy else set()
    seen: set[str] = set()
    dead: set[int] | None = None
    for node in module.of(ast.Name):
        name = node.id
        if name in bound or name in _KNOWN or name in seen or not isinstance(node.ctx, ast.Load) or id(node) in aside:
            continue
        if name.isupper() and _SETTINGS.search(file.path):
            continue
        dead = _unreached(module) if dead is None else dead
        if id(node) in dead:
            continue
        seen.add(name)
        near = next(iter(get_close_matches(name, [other for other in bound if other != name], 1, 0.75)), "")
        detail = NameUnbound(near, _place(module, near))
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)


def _bound(module: python.Module) -> dict[str, None]:
    """Return every name that some statement of the module binds, whatever its scope."""
    found: dict[str, None] = {}
    for node in module.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found[name] = None
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = None
            case ast.arg(arg=name):
                found[name] = None
            case ast.alias(name=name, asname=other):
                found[other or name.partition(".")[0]] = None
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found[name] = None
            case ast.MatchMapping(rest=str(name)):
                found[name] = None
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found |= dict.fromkeys(names)
            case _ if type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple") and hasattr(node, "name"):
                found[str(node.name)] = None
    return found


def _annotations(module: python.Module) -> set[int]:
    """Return the nodes that stand in annotations, which nothing evaluates where they are put off."""
    found: set[int] = set()
    for node in module.nodes:
        match node:
            case ast.arg(annotation=ast.expr() as written) | ast.AnnAssign(annotation=written):
                found.update(id(each) for each in walk(written))
            case ast.FunctionDef(returns=ast.expr() as written) | ast.AsyncFunctionDef(returns=ast.expr() as written):
                found.update(id(each) for each in walk(written))
    return found


def _unreached(module: python.Module) -> set[int]:
    """Return the nodes of classes that refuse to be constructed, and those behind a statement that leaves its block."""
    found: set[int] = set()
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and any(_refuses(each) for each in node.body):
            found.update(id(each) for each in walk(node))
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if not isinstance(block, list):
                continue
            left = next((i for i, each in enumerate(block) if isinstance(each, _LEAVING)), len(block))
            found.update(id(each) for statement in block[left + 1 :] for each in walk(statement))
    return found


def _refuses(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name != "__init__":
        return False
    first = next(
        (each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))), None
    )
    return isinstance(first, ast.Raise)


def _place(module: python.Module, name: str) -> Span | None:
    for node in module.nodes if name else ():
        match node:
            case ast.Name(id=other, ctx=ast.Store()) if other == name:
                return module.span(node)
            case ast.arg(arg=other) if other == name:
                return module.span(node)
            case ast.FunctionDef(name=other) | ast.AsyncFunctionDef(name=other) | ast.ClassDef(name=other) if (
                other == name
            ):
                return module.span(node)
            case ast.alias(name=first, asname=second) if name in (second or first.partition(".")[0], second):
                return module.span(node)
    return None
