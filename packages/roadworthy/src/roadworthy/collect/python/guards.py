"""What stands before each Python handler: who may call it, and how often."""

import ast
import re
from collections.abc import Iterator, Mapping

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.caller_proofs import proves
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
_DEPENDENCY = re.compile(
    r"(current|active|admin|auth\w*|optional|verified|require\w*|web|api)*_?(user|admin|superuser|principal|session|token|subject|"
    r"auth\w*|account|customer|api_?key|permissions?)(dep|dependency|or_?error)?",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"limit|throttl", re.IGNORECASE)
# What stands before routes for other reasons than to know who calls.
_ASIDE = re.compile(
    r"^(fastapi|Depends|Annotated)$|limit|throttl|log|metric|trace|request_id|database|_db$|^db$|timeout"
)
_INSIDE = re.compile(
    r"auth|token|verify|signature|hmac|compare_digest|current_user|g\.user|request\.user|session\[|api_key|permission|credential",
    re.IGNORECASE,
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with decorated handlers."""
    text = file.text
    return "@" in text and any(f".{verb}(" in text for verb in _VERBS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each route."""
    module = python.module(file)
    guarded = {name for name, value in module.constants.items() if _router_guard(value)}
    for function in module.functions:
        for decorator in function.decorator_list:
            match decorator:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=router), attr=verb), args=[first, *_]) if (
                    verb in _VERBS
                ):
                    path = module.name(first)
                    text = str(path) if isinstance(path, Exact) else None
                    if text is not None and text and not text.startswith("/"):
                        continue
                    detail = HandlerGuarded(
                        f"{file.path}:{router}",
                        text,
                        _methods(decorator, verb),
                        tuple(
                            sorted(
                                _guards(function, decorator, module.constants)
                                | ({"router"} if router in guarded else set())
                            )
                        ),
                        _limited(function, decorator),
                        _looks_inside(function),
                    )
                    yield Symbol(
                        Kind.CONSTRUCT, Action.DEFINES, Exact(function.name), module.span(decorator), role=file.role,
                        detail=detail,
                    )  # fmt: skip


def _router_guard(value: ast.expr) -> bool:
    """Tell whether a router is made with something that may prove who calls before all of its routes."""
    if not isinstance(value, ast.Call):
        return False
    given = {k.arg: k.value for k in value.keywords}
    if "dependencies" not in given:
        return "route_class" in given
    asked = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in walk(given["dependencies"])
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return not asked or any(not _ASIDE.search(name) for name in asked)


def _methods(decorator: ast.Call, verb: str) -> tuple[str, ...]:
    if verb not in ("route", "api_route"):
        return (verb.upper(),)
    given = next((k.value for k in decorator.keywords if k.arg == "methods"), None)
    found = [n.value for n in walk(given) if isinstance(n, ast.Constant)] if given is not None else ["GET"]
    return tuple(sorted(str(method).upper() for method in found))


def _guards(function: python.Function, decorator: ast.Call, constants: Mapping[str, ast.expr]) -> set[str]:
    """Return the names before a handler that prove who calls: its dependencies, other decorators, annotations."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    defaults = [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]
    told = [a.annotation for a in arguments if a.annotation is not None]
    # `Actor = Annotated[str, Depends(authenticated)]` is asked by its name.
    told = [constants.get(a.id, a) if isinstance(a, ast.Name) else a for a in told]
    proving = [annotation for annotation in told if _proves(annotation)]
    places: list[ast.AST] = [*(d for d in defaults if isinstance(d, ast.Call)), *proving]
    places += [keyword.value for keyword in decorator.keywords if keyword.arg == "dependencies"]
    places += [other for other in function.decorator_list if other is not decorator]
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for place in places
        for node in walk(place)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return {name for name in names if proves(name)}


def _proves(annotation: ast.expr) -> bool:
    """Tell whether an annotation is a dependency: written as one, or a name that is one as a rule."""
    if isinstance(annotation, ast.Name | ast.Attribute):
        name = annotation.attr if isinstance(annotation, ast.Attribute) else annotation.id
        return _DEPENDENCY.fullmatch(name) is not None
    return "Depends" in (names := ast.unparse(annotation)) or "Security(" in names or "Auth" in names


def _limited(function: python.Function, decorator: ast.Call) -> bool:
    places: list[ast.AST] = [d for d in function.decorator_list if d is not decorator]
    places += [keyword.value for keyword in decorator.keywords if keyword.arg == "dependencies"]
    places += [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]
    arguments = [*function.args.args, *function.args.kwonlyargs]
    places += [a.annotation for a in arguments if a.annotation is not None]
    for place in (*places, *function.body):
        for node in walk(place):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name and _LIMIT.search(name) and name not in ("limit", "offset_limit"):
                return True
            if name == "limit" and isinstance(node, ast.Attribute) and place in places:
                return True
    return False


def _looks_inside(function: python.Function) -> bool:
    """Tell whether the handler itself, or the class it belongs to, may ask who calls."""
    if function.args.args and function.args.args[0].arg in ("self", "cls"):
        return True
    for statement in function.body:
        for node in walk(statement):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name and _INSIDE.search(name):
                return True
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _INSIDE.search(node.value[:200]):
                return True
    return False
