"""Paths that bare handlers of JavaScript compare that of the request with: `if (req.url === "/live")`."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.route import RouteDeclared
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import unwrapped

PROVIDES = frozenset({Kind.PATH})

_ASKED = re.compile(
    r"(?:\w+\.)*(?:req|request|ctx)\.(?:url|path|pathname)|(?:\w+\.)*(?:url|parsedUrl|parsed)\.pathname|pathname"
)

# What takes a request by: a middleware that lets some paths through does not serve them.
_PASSING = re.compile(
    r"\{?\s*(?:return\s+)?(?:await\s+)?next\(\s*\)\s*;?\s*(?:return\s*;?)?\s*\}?|return\s*;?|\{\s*return\s*;?\s*\}"
)
_JOINING = frozenset({"binary_expression", "parenthesized_expression", "unary_expression"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that handles requests itself."""
    text = file.text
    bare = "createServer" in text or "serve(" in text or "req" in text or "ctx.path" in text
    asked = "pathname" in text or ".url" in text or ".path" in text
    return bare and asked and file.role is FileRole.PROD and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the paths that are compared."""
    module = javascript.module(file)
    for node in module.of("binary_expression"):
        if module.text(node.child_by_field_name("operator")) in ("===", "=="):
            yield from _compared(file, module, node.child_by_field_name("left"), node.child_by_field_name("right"))
    for node in module.of("switch_statement"):
        asked = unwrapped(node.child_by_field_name("value"))
        for case in module.below(node, "switch_case"):
            yield from _compared(file, module, asked, case.child_by_field_name("value"))


def _compared(file: SourceFile, module: Module, left: Node | None, right: Node | None) -> Iterator[Symbol]:
    if left is None or right is None or left.end_byte - left.start_byte > 60 or not _ASKED.fullmatch(module.text(left)):
        return
    path = paths.text(module, right)
    if _only_asks(module, left):
        return
    if path and path.startswith("/"):
        detail = RouteDeclared(path, handler="compared")
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(""), module.span(right), role=file.role, detail=detail)


def _only_asks(module: Module, compared: Node) -> bool:
    """Tell whether a comparison is the answer of a function (`ignore: (req) => req.url === "/live"`), or lets a request by."""
    node = compared.parent
    while node is not None and node.type in _JOINING:
        node = node.parent
    if node is None or node.type in ("arrow_function", "return_statement"):
        return node is not None
    after = node.child_by_field_name("consequence") if node.type == "if_statement" else None
    return after is not None and _PASSING.fullmatch(module.text(after).strip()) is not None
