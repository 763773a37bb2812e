"""Which numbers JavaScript expressions come to, as far as one file shows."""

import re

from tree_sitter import Node

from roadworthy.model.symbol import Exact
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import named

MAXIMUM_DEPTH = 8
_NUMBER = re.compile(r"\d[\d_]{0,15}(\.\d{1,6})?(e\d{1,2})?")
_READING = frozenset({"Number", "parseInt", "parseFloat", "Number.parseInt"})


def number(module: Module, node: Node | None, depth: int = 0) -> tuple[float | None, str]:
    """Return the number an expression comes to (None where that is not seen), and the variable that can change it."""
    node = values.resolved(module, node)
    if node is None or depth > MAXIMUM_DEPTH:
        return None, ""
    given = values.variable(module, node)
    if isinstance(given, Exact) and node.type != "binary_expression":
        alternatives = [number(module, one, depth + 1)[0] for one in values.alternatives(module, node)]
        return next((found for found in alternatives if found is not None), None), given.text
    match node.type:
        case "number":
            text = module.text(node)
            return (float(text.replace("_", "")) if _NUMBER.fullmatch(text) else None), ""
        case "string":
            text = values.string(module, node) or ""
            return (float(text) if text.isdecimal() and len(text) < 16 else None), ""
        case "binary_expression":
            left, a = number(module, node.child_by_field_name("left"), depth + 1)
            right, b = number(module, node.child_by_field_name("right"), depth + 1)
            operator = module.text(node.child_by_field_name("operator"))
            if operator in ("||", "??"):
                return (left if left is not None else right), a or b
            if operator == "*" and left is not None and right is not None:
                return (left * right if not (a or b) else None), a or b
            return None, a or b
        case "call_expression":
            call = module.call(node)
            if call is not None and call.name in _READING:
                arguments = named(node.child_by_field_name("arguments"))
                return number(module, arguments[0], depth + 1) if arguments else (None, "")
    return None, ""
