"""Names that JavaScript code of a server uses, that nothing in its file binds, and that are like one that is bound."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import NameUnbound
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_OPEN = re.compile(r"\bdeclare\b|\beval\(|\bwith\s*\(|ReferenceError|\bglobalThis\.\w+\s*=|auto-?import|@ts-nocheck")
# Where an expression stands that is read; in any other place a name may be a declaration.
_READ = frozenset(
    """
    arguments binary_expression return_statement template_substitution await_expression unary_expression ternary_expression
    spread_element parenthesized_expression array expression_statement new_expression as_expression non_null_expression
    """.split()
)
_FIELDS = {
    "call_expression": "function", "member_expression": "object", "pair": "value", "variable_declarator": "value",
    "assignment_expression": "right", "subscript_expression": "object",
}  # fmt: skip
_LIKE = 0.8
_KNOWN = frozenset(
    """
    decodeURIComponent encodeURIComponent decodeURI encodeURI parseInt parseFloat isNaN isFinite structuredClone fetch require
    module exports process global globalThis console arguments undefined queueMicrotask escape unescape btoa atob performance
    crypto navigator window document location history screen self setTimeout setInterval setImmediate clearTimeout
    clearInterval clearImmediate alert confirm prompt localStorage sessionStorage caches origin status event name parent top
    describe test expect before after beforeEach afterEach beforeAll afterAll jest suite define importScripts postMessage
    addEventListener removeEventListener requestAnimationFrame cancelAnimationFrame matchMedia getComputedStyle __dirname
    __filename this super null true false async await yield target meta constructor prototype open close stop print length
    """.split()
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript without elements of pages."""
    return javascript.wants(path) and not path.endswith((".tsx", ".jsx", ".d.ts"))


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server into which no names come unseen."""
    if file.role is not FileRole.PROD or is_tool(file.path) or _OPEN.search(file.text):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first use of each such name."""
    module = javascript.module(file)
    if module.broken:
        return
    uses: dict[str, list[Node]] = {}
    for node in module.of("identifier"):
        uses.setdefault(module.text(node), []).append(node)
    others = {module.text(node) for node in module.of("shorthand_property_identifier_pattern", "type_identifier")}
    names = sorted(uses)
    for name, nodes in uses.items():
        # What begins with a capital may be a class that the runtime or a type package brings.
        if len(name) < 4 or not name[0].islower() or name in _KNOWN or len(nodes) > 3:
            continue
        if name in others or name in module.imports or module.bindings(name):
            continue
        near = next((other for other in get_close_matches(name, names, 2, _LIKE) if other != name), "")
        if not near or near.rstrip("s") == name.rstrip("s") or not all(_is_read(node) for node in nodes):
            continue
        bound = next((node for node in uses[near] if not _is_read(node)), None)
        if bound is not None:
            detail = NameUnbound(near, module.span(bound))
            at = module.span(nodes[0])
            yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), at, role=file.role, detail=detail)


def _is_read(node: Node) -> bool:
    outer = node.parent
    if outer is None:
        return False
    field = _FIELDS.get(outer.type)
    return outer.child_by_field_name(field) == node if field is not None else outer.type in _READ
