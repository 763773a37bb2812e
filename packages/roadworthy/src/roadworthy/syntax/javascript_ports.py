"""Which port a JavaScript expression stands for: a number, a variable with its default, or a name of another module."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.symbol import Exact
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import unwrapped

_MAXIMUM_DEPTH = 8
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Port:
    """`number` is the default where there is a `variable`; `reference` names what this file does not tell."""

    number: int | None = None
    variable: str = ""
    reference: str = ""


NOTHING = Port()


def port(module: Module, node: Node | None, depth: int = 0) -> Port:
    """Read an expression as a port."""
    inner = unwrapped(node)
    if inner is None or depth > _MAXIMUM_DEPTH:
        return NOTHING
    variable = values.variable(module, inner)
    if variable is not None:
        default = _destructured_default(module, inner)
        number = port(module, default, depth + 1).number if default is not None else None
        return Port(number, variable.text) if isinstance(variable, Exact) else NOTHING
    found = values.resolved(module, inner)
    if found is None:
        return NOTHING
    match found.type:
        case "number" | "string" | "template_string":
            text = (values.string(module, found) or "").replace("_", "").strip()
            return Port(int(text)) if text.isdecimal() and len(text) <= 5 else NOTHING
        case "unary_expression":
            return port(module, found.child_by_field_name("argument"), depth + 1)
        case "binary_expression" | "ternary_expression":
            return _first(module, [port(module, side, depth + 1) for side in _sides(module, found)])
        case "call_expression" | "new_expression":
            call = module.call(found)
            return _called(module, call, depth) if call is not None else NOTHING
        case "identifier" | "member_expression":
            name = paths.key(module, found)
            return Port(reference=name) if name else NOTHING
    return NOTHING


def _destructured_default(module: Module, node: Node) -> Node | None:
    binding = module.lookup(node) if node.type == "identifier" else None
    return binding.default if binding is not None else None


def _sides(module: Module, node: Node) -> tuple[Node, ...]:
    found = values.alternatives(module, node)
    return () if found == (node,) else found


def _first(module: Module, found: list[Port]) -> Port:
    """Put alternatives together: the first variable or name, with the last number as its default."""
    number = next((one.number for one in reversed(found) if one.number is not None), None)
    variable = next((one.variable for one in found if one.variable), "")
    reference = next((one.reference for one in found if one.reference), "")
    return Port(number, variable, "" if variable else reference)


def _called(module: Module, call: Call, depth: int) -> Port:
    given = call.arguments
    text = values.string(module, given[0]) if given else None
    if text is not None and call.method == "get" and (setting := _set(module, text)) is not None:
        return port(module, setting, depth + 1)
    if text is not None and not text.isdecimal():
        # A reader of variables or settings: `config.get("PORT", 3000)`, `requireEnv("PORT")`.
        default = port(module, given[1], depth + 1).number if len(given) > 1 else None
        if _VARIABLE.fullmatch(text):
            return Port(default, text)
        return Port(default, reference=f"config:{text}")
    if given:
        return port(module, given[0], depth + 1)
    # `env.get("PORT").default(3000).asPortNumber()`
    default = None
    for _ in range(_MAXIMUM_DEPTH):
        called = unwrapped(call.node.child_by_field_name("function"))
        inner = module.call(unwrapped(called.child_by_field_name("object"))) if called is not None else None
        if inner is None:
            return NOTHING
        if inner.method == "default" and inner.arguments:
            default = port(module, inner.arguments[0], depth + 1).number
        elif inner.method == "get" and inner.arguments:
            name = values.string(module, inner.arguments[0]) or ""
            return Port(default, name) if _VARIABLE.fullmatch(name) else NOTHING
        call = inner
    return NOTHING


def _set(module: Module, key: str) -> Node | None:
    """Return what a setting of an Express application is set to: `app.set("port", 3000)`."""
    for call in module.calls:
        if call.method == "set" and len(call.arguments) == 2 and values.string(module, call.arguments[0]) == key:
            return call.arguments[1]
    return None
