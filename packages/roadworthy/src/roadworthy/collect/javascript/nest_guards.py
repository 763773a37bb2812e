"""What stands before each method of a Nest controller: who may call it, and how often."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = {"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE"}
_GUARD = re.compile(
    r"auth|user|token|login|permission|admin|api_?key|jwt|session|security|verify|guard|role|protect|acl|can\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"public|skip_?auth|no_?auth|anonymous|allow", re.IGNORECASE)
_LIMIT = re.compile(r"throttl|limit", re.IGNORECASE)
_QUIET = re.compile(r"^Api|^Swagger|^Http|^Header|^Render|^Serialize|^UseInterceptors|^UsePipes|^UseFilters")


def wants(path: str) -> bool:
    """Every TypeScript or JavaScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module with a controller."""
    return file.role is FileRole.PROD and "@Controller(" in file.text and "@nestjs/common" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each method that answers requests."""
    module = javascript.module(file)
    for node in module.of("class_declaration"):
        body = node.child_by_field_name("body")
        above = _before(module, node)
        controller = next((call for call in above if call.name.endswith("Controller")), None)
        if body is None or controller is None:
            continue
        name = module.text(node.child_by_field_name("name"))
        given = controller.arguments[0] if controller.arguments else None
        stated = values.options(module, given).get("path", given) if given is not None else None
        prefix = values.string(module, stated) if stated is not None else ""
        pending: list[Call] = []
        for child in body.named_children:
            if child.type == "decorator":
                pending += _called(module, child)
            elif child.type == "method_definition":
                yield from _method(module, file, name, prefix or "", above, pending, child)
                pending = []
            elif child.type != "comment":
                pending = []


def _before(module: javascript.Module, node: Node) -> list[Call]:
    """Return the decorators of a class."""
    own = [child for child in node.children if child.type == "decorator"]
    outer = node.parent
    if outer is not None and outer.type == "export_statement":
        own += [child for child in outer.children if child.type == "decorator"]
    return [call for child in own for call in _called(module, child)]


def _called(module: javascript.Module, decorator: Node) -> list[Call]:
    return [call for child in decorator.named_children if (call := module.call(child)) is not None]


def _method(
    module: javascript.Module, file: SourceFile, name: str, prefix: str, above: list[Call], own: list[Call], node: Node
) -> Iterator[Symbol]:
    verbs = [(call, _VERBS[call.method]) for call in own if call.method in _VERBS]
    if not verbs:
        return
    call, verb = verbs[0]
    part = values.string(module, call.arguments[0]) if call.arguments else ""
    path = "/" + "/".join(text.strip("/") for text in (prefix, part or "") if text.strip("/"))
    mine, inherited = _guards(module, own), _guards(module, above)
    public = any(_PUBLIC.search(each.method) for each in own)
    guards = () if public else tuple(sorted(mine | inherited))
    detail = HandlerGuarded(
        f"{file.path}:{name}",
        path,
        (verb,),
        guards,
        any(_LIMIT.search(module.text(each.node)[:200]) for each in (*own, *above)),
        public or _looks_inside(module, node),
    )
    handler = module.text(node.child_by_field_name("name"))
    yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(handler), module.span(call.node), role=file.role, detail=detail)


def _guards(module: javascript.Module, calls: list[Call]) -> set[str]:
    """Return the guards that decorators put before a handler; one of the project's own may bring a guard with it."""
    found: set[str] = set()
    for call in calls:
        if call.method == "UseGuards":
            found |= {module.text(argument).partition("(")[0][:60] for argument in call.arguments}
        elif _GUARD.search(call.method) and not (_QUIET.search(call.method) or _PUBLIC.search(call.method)):
            found.add(call.method)
    return {name for name in found if not _LIMIT.search(name)}


def _looks_inside(module: javascript.Module, node: Node) -> bool:
    """Tell whether a handler takes who calls from somewhere else: a parameter that only a guard can fill."""
    text = module.text(node.child_by_field_name("parameters"))
    return re.search(r"@(?:Current|Auth|Get|Req)?(?:User|Session|Token)\b", text) is not None or "authorization" in text
