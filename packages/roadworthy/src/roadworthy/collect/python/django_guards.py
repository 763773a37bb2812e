"""What stands before each view of Django or REST framework: who may call it, and how often."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_GUARD = re.compile(
    r"login|auth|permission|staff|superuser|user_passes|token|api_key|require_user|verif|admin|owner|member|secur|sign|role|hmac",
    re.IGNORECASE,
)
_OPEN = re.compile(r"AllowAny|csrf|anonymous|public|logout", re.IGNORECASE)
_LIMIT = re.compile(r"rate_?limit|throttl|axes", re.IGNORECASE)
_INSIDE = re.compile(
    r"auth|token|verify|signature|hmac|compare_digest|request\.user|permission|credential|session|PermissionDenied"
)
_WRITING_ROWS = re.compile(
    r"\.(?:save|delete|create|update|bulk_create|get_or_create|update_or_create|add|remove|set|clear)\("
)
_VIEW = re.compile(r"View(?:Set)?$|Viewset$")
_WRITING = {"post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}
_ACTIONS = {"create": "POST", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE", "form_valid": "POST"}
_BASES = {"CreateView": "POST", "UpdateView": "POST", "DeleteView": "POST", "FormView": "POST"}


def wants(path: str) -> bool:
    """Every Python file that may hold views."""
    return path.endswith(".py") and "view" in path.lower()


def recognises(file: SourceFile) -> bool:
    """Recognise a module of views."""
    return file.role is FileRole.PROD and ("django" in file.text or "rest_framework" in file.text)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each view that changes something, and for those that stand beside it."""
    module = python.module(file)
    for node in module.tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.args.args and node.args.args[0].arg == "request":
                yield _function(module, file, node)
            case ast.ClassDef() if any(_VIEW.search(module.dotted(base)) for base in node.bases):
                yield _class(module, file, node)


def _symbol(
    module: python.Module, file: SourceFile, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    methods: tuple[str, ...], guards: set[str], *, limited: bool, hidden: bool,
) -> Symbol:  # fmt: skip
    detail = HandlerGuarded(
        f"{file.path}:views", f"the view {node.name}", methods, tuple(sorted(guards)), limited, hidden
    )
    at = module.span(node)
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(node.name), at, role=file.role, detail=detail)


def _function(module: python.Module, file: SourceFile, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Symbol:
    decorators = [(module.dotted(d.func if isinstance(d, ast.Call) else d), d) for d in node.decorator_list]
    guards = {name.rpartition(".")[2] for name, _ in decorators if _GUARD.search(name) and not _OPEN.search(name)}
    guards |= {name for _, d in decorators for name in _permissions(d) if "permission_classes" in ast.unparse(d)}
    by_framework = any(name.endswith("api_view") for name, _ in decorators)
    named = any("permission_classes" in ast.unparse(d) for _, d in decorators)
    limited = any(_LIMIT.search(name) for name, _ in decorators)
    body = ast.unparse(node)
    hidden = (by_framework and not named) or _INSIDE.search(body) is not None
    # What another view calls is part of that one; what stores nothing harms nobody.
    hidden = hidden or node.name.startswith("_") or _called(module, node.name) or _WRITING_ROWS.search(body) is None
    return _symbol(module, file, node, _methods(node, decorators), guards, limited=limited, hidden=hidden)


def _called(module: python.Module, name: str) -> bool:
    return any(isinstance(call.func, ast.Name) and call.func.id == name for call, _ in module.calls)


def _class(module: python.Module, file: SourceFile, node: ast.ClassDef) -> Symbol:
    bases = [module.dotted(base).rpartition(".")[2] for base in node.bases]
    guards = {base for base in bases if _GUARD.search(base) and not _OPEN.search(base) and not base.endswith("View")}
    guards |= {
        module.dotted(d.func if isinstance(d, ast.Call) else d).rpartition(".")[2]
        for d in node.decorator_list
        if _GUARD.search(ast.unparse(d)) and not _OPEN.search(ast.unparse(d))
    }
    stated = False
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="permission_classes")], value=value):
                stated = True
                guards |= _permissions(value)
    known = {"View", "TemplateView", "ListView", "DetailView", "RedirectView", *_BASES}
    mixed = any(base not in known and base not in guards for base in bases)
    # What REST framework asks where a view says nothing stands in the settings; what a class of ours asks, in that class.
    rest = " ".join(
        ast.unparse(s) for s in node.body if not (isinstance(s, ast.Assign) and "permission_classes" in ast.unparse(s))
    )
    hidden = (mixed and not stated) or _INSIDE.search(rest) is not None
    own = {s.name for s in node.body if isinstance(s, python.Function)}
    found = {verb for name, verb in (*_WRITING.items(), *_ACTIONS.items()) if name in own}
    found |= {_BASES[base] for base in bases if base in _BASES}
    if any(base in ("ModelViewSet", "DestroyAPIView", "CreateAPIView", "UpdateAPIView") for base in bases):
        found |= {"POST", "DELETE"}
    limited = "throttle_classes" in ast.unparse(node)
    return _symbol(module, file, node, tuple(sorted(found or {"GET"})), guards, limited=limited, hidden=hidden)


def _permissions(node: ast.expr) -> set[str]:
    names = {
        n.attr if isinstance(n, ast.Attribute) else n.id for n in walk(node) if isinstance(n, ast.Attribute | ast.Name)
    }
    return {name for name in names if (name.startswith("Is") or "Permission" in name) and not _OPEN.search(name)}


def _methods(node: ast.FunctionDef | ast.AsyncFunctionDef, decorators: list[tuple[str, ast.expr]]) -> tuple[str, ...]:
    for name, decorator in decorators:
        if name.endswith("require_POST"):
            return ("POST",)
        if name.endswith(("require_GET", "require_safe")):
            return ("GET",)
        if name.endswith(("require_http_methods", "api_view")) and isinstance(decorator, ast.Call):
            texts = {
                n.value.upper() for n in walk(decorator) if isinstance(n, ast.Constant) and isinstance(n.value, str)
            }
            return tuple(sorted(texts)) or ("GET",)
    body = ast.unparse(node)
    return ("GET", "POST") if "request.POST" in body or re.search(r"method\s*==\s*'POST'", body) else ("GET",)
