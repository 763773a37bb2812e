"""Which texts a JavaScript expression can become where it is given to a label, as far as one file shows."""

from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import literal, named, unwrapped

MAXIMUM_DEPTH = 8
_STATUS = frozenset({"statusCode", "status_code"})
_TEXTS = frozenset({"String", "Number", "parseInt"})


@dataclass(frozen=True, slots=True)
class Value:
    """One possible text: `domain` is "exact", or "status-code", "status-class", "method", where `text` is "*"."""

    domain: str
    text: str


def texts(module: Module, node: Node | None, depth: int = 0) -> frozenset[Value] | None:
    """Return the texts an expression can become, None where that is not known."""
    node = unwrapped(node)
    if node is None or depth > MAXIMUM_DEPTH:
        return None
    match node.type:
        case "string":
            return frozenset({Value("exact", literal(module.tree, node) or "")})
        case "number" | "true" | "false":
            return frozenset({Value("exact", module.text(node))})
        case "template_string":
            return _template(module, node, depth)
        case "ternary_expression" | "binary_expression":
            return _either(module, node, depth)
        case "call_expression":
            return _called(module, node, depth)
        case "identifier" | "shorthand_property_identifier":
            return _variable(module, node, depth)
        case "member_expression":
            return _member(module, node, depth)
    return None


def _union(module: Module, nodes: tuple[Node | None, ...], depth: int) -> frozenset[Value] | None:
    found: set[Value] = set()
    for node in nodes:
        inner = texts(module, node, depth + 1)
        if inner is None:
            return None
        found |= inner
    return frozenset(found)


def _either(module: Module, node: Node, depth: int) -> frozenset[Value] | None:
    if node.type == "ternary_expression":
        sides = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
        return _union(module, sides, depth)
    operator = module.text(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator in ("||", "??"):
        return _union(module, (left, right), depth)
    whole = module.text(node)
    if operator == "+" and "/ 100" in whole and literal(module.tree, right) == "xx":
        return frozenset({Value("status-class", "*")})
    if operator == "+" and literal(module.tree, right) == "":
        return texts(module, left, depth + 1)
    return None


def _template(module: Module, node: Node, depth: int) -> frozenset[Value] | None:
    plain = literal(module.tree, node)
    if plain is not None:
        return frozenset({Value("exact", plain)})
    parts = named(node)
    if len(parts) == 1:
        return texts(module, next(iter(named(parts[0])), None), depth + 1)
    hundreds = len(parts) == 2 and "100" in module.text(parts[0]) and module.text(parts[1]) == "xx"
    return frozenset({Value("status-class", "*")}) if hundreds else None


def _called(module: Module, node: Node, depth: int) -> frozenset[Value] | None:
    call = module.call(node)
    if call is None:
        return None
    if call.name in _TEXTS and call.arguments:
        return texts(module, call.arguments[0], depth + 1)
    function = node.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    match call.method:
        case "toString":
            return texts(module, owner, depth + 1)
        case "toLowerCase" | "toUpperCase":
            found = texts(module, owner, depth + 1)
            lower = call.method == "toLowerCase"
            if found is None or (lower and any(value.domain == "method" for value in found)):
                return None
            return frozenset(
                Value(v.domain, (v.text.lower() if lower else v.text.upper()) if v.domain == "exact" else v.text)
                for v in found
            )
    return None


def _variable(module: Module, node: Node, depth: int) -> frozenset[Value] | None:
    binding = module.lookup(node)
    if binding is None:
        return None
    if binding.path:
        last = binding.path[-1]
        if last in _STATUS:
            return frozenset({Value("status-code", "*")})
        if last == "method" and "req" in module.text(binding.value).lower():
            return frozenset({Value("method", "*")})
    if binding.constant:
        found = values.resolved(module, node)
        return texts(module, found, depth + 1) if found is not None and found != node else None
    assigned = [
        item.child_by_field_name("right")
        for item in module.of("assignment_expression")
        if module.text(item.child_by_field_name("left")) == binding.name
    ]
    return (
        _union(module, (binding.value, *assigned), depth)
        if binding.value is not None
        else _union(module, tuple(assigned), depth)
    )


def _member(module: Module, node: Node, depth: int) -> frozenset[Value] | None:
    name = module.text(node.child_by_field_name("property"))
    owner = module.text(node.child_by_field_name("object")).lower()
    if name in _STATUS:
        return frozenset({Value("status-code", "*")})
    if name == "method" and ("req" in owner or owner.endswith("ctx")):
        return frozenset({Value("method", "*")})
    if name == "status" and (owner.startswith("res") or owner in ("ctx", "reply") or owner.endswith(".res")):
        return frozenset({Value("status-code", "*")})
    found = values.resolved(module, node)
    return texts(module, found, depth + 1) if found is not None and found != node else None
