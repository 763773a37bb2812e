"""What asynchronous functions of JavaScript wait for, and which of their errors get out."""

from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing

_ESCAPING = ("await_expression", "throw_statement")


def unguarded(module: Module, function: Node, *, throws: bool = False) -> Iterator[Node]:
    """Yield what a function awaits, and with `throws` what it throws, outside of any `try` that keeps the error."""
    for node in module.below(function, *(_ESCAPING if throws else _ESCAPING[:1])):
        if node.type == "await_expression" and any(".catch(" in module.text(child) for child in node.named_children):
            continue
        kept = False
        inside = node
        for outer in enclosing(node, "try_statement", *FUNCTIONS):
            if outer.type != "try_statement":
                kept = kept or outer != function
                break
            body, handler = outer.child_by_field_name("body"), outer.child_by_field_name("handler")
            within = body is not None and body.start_byte <= inside.start_byte and inside.end_byte <= body.end_byte
            if within and handler is not None and not module.below(handler, "throw_statement"):
                kept = True
                break
        if not kept:
            yield node


def keeps_errors(module: Module, function: Node) -> bool:
    """Tell whether an asynchronous function waits inside a `try` and lets no error out."""
    waits = module.below(function, "await_expression") and module.below(function, "try_statement")
    return bool(waits) and next(unguarded(module, function, throws=True), None) is None


def called(module: Module, awaited: list[Node]) -> tuple[str, ...]:
    """Return the last part of the name of each function that is called and awaited; () where one has none."""
    names = []
    for node in awaited:
        call = next((found for child in node.named_children if (found := module.call(child)) is not None), None)
        if call is None or not call.method:
            return ()
        names.append(call.method)
    return tuple(dict.fromkeys(names))
