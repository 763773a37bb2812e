"""Asynchronous functions that handlers may wait for: which of them let no error out."""

from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.code import ErrorsKept
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_awaits import keeps_errors
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
_HOLDERS = ("variable_declarator", "public_field_definition", "field_definition", "pair")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module of the product whose functions catch what they wait for."""
    speaks = "async" in file.text and "await" in file.text
    return (
        file.role is not FileRole.TEST
        and speaks
        and not is_tool(file.path)
        and not in_browser(file)
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every asynchronous function that has a name, and whether it keeps its errors."""
    module = javascript.module(file)
    for function in module.of(*_FUNCTIONS):
        name = _name(module, function) if any(child.type == "async" for child in function.children) else ""
        if name:
            kept = ErrorsKept(keeps_errors(module, function))
            yield Symbol(
                Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(function), role=file.role, detail=kept
            )


def _name(module: javascript.Module, function: Node) -> str:
    own = function.child_by_field_name("name")
    above = function.parent if own is None else None
    if above is not None and above.type in _HOLDERS:
        own = above.child_by_field_name("name") or above.child_by_field_name("property")
        own = own or above.child_by_field_name("key")
    return module.text(own) if own is not None else ""
