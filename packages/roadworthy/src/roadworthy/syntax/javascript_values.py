"""Which values JavaScript expressions stand for, as far as one file shows."""

from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.symbol import Exact, Name, Pattern, Unreadable
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import escaped, literal, named, unwrapped

MAXIMUM_DEPTH = 8
_ENVIRONMENTS = frozenset({"process.env", "node:process.env", "Bun.env", "globalThis.process.env"})
_FREEZING = frozenset({"Object.freeze", "Object.seal"})


def resolved(module: Module, node: Node | None, depth: int = 0) -> Node | None:
    """Return the expression a node stands for: wrappers off, constants and members of constant objects followed.

    What cannot be followed (a parameter, an imported name, a call, what is made of itself) is returned as it stands.
    """
    node = unwrapped(node)
    if node is None or depth > MAXIMUM_DEPTH or node.id in module.following:
        return node
    module.following.add(node.id)
    try:
        return _followed(module, node, depth)
    finally:
        module.following.discard(node.id)


def _followed(module: Module, node: Node, depth: int) -> Node:
    if node.type in ("identifier", "shorthand_property_identifier"):
        binding = module.lookup(node)
        if binding is None or not binding.constant or binding.value is None:
            return node
        found = resolved(module, binding.value, depth + 1)
        for key in binding.path:
            found = resolved(module, member(module, found, key), depth + 1) if found is not None else None
        return found if found is not None else node
    if node.type in ("member_expression", "subscript_expression"):
        key_node = node.child_by_field_name("property")
        of = module.text(key_node) if key_node is not None else string(module, node.child_by_field_name("index"))
        owner = resolved(module, node.child_by_field_name("object"), depth + 1)
        found = resolved(module, member(module, owner, of), depth + 1) if of is not None else None
        return found if found is not None else node
    if node.type == "call_expression" and module.text(node.child_by_field_name("function")) in _FREEZING:
        given = named(node.child_by_field_name("arguments"))
        return (resolved(module, given[0], depth + 1) if given else None) or node
    return node


def member(module: Module, owner: Node | None, key: str) -> Node | None:
    """Return the value of a member of an object literal, enum or class (its static members); None where not seen."""
    if owner is None:
        return None
    if owner.type == "object":
        return dict(entries(module, owner)).get(key)
    if owner.type == "enum_declaration":
        for item in named(owner.child_by_field_name("body")):
            if item.type == "enum_assignment" and _key(module, item.child_by_field_name("name")) == key:
                return item.child_by_field_name("value")
    if owner.type == "class_declaration":
        for item in named(owner.child_by_field_name("body")):
            name = item.child_by_field_name("name") or item.child_by_field_name("property")
            static = any(child.type == "static" for child in item.children)
            if static and item.type in ("public_field_definition", "field_definition") and module.text(name) == key:
                return item.child_by_field_name("value")
    return None


def entries(module: Module, node: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """Yield the members of an object literal, those of constants spread into it among them; methods are themselves."""
    for child in node.named_children:
        match child.type:
            case "pair":
                value = child.child_by_field_name("value")
                key = _key(module, child.child_by_field_name("key"))
                if key is not None and value is not None:
                    yield key, value
            case "shorthand_property_identifier":
                yield module.text(child), child
            case "method_definition":
                yield module.text(child.child_by_field_name("name")), child
            case "spread_element" if depth < MAXIMUM_DEPTH:
                inner = resolved(module, next(iter(named(child)), None), depth + 1)
                if inner is not None and inner.type == "object":
                    yield from entries(module, inner, depth + 1)


def is_open(module: Module, node: Node) -> bool:
    """Tell whether an object literal may have members that are not seen: computed keys, spread of something unknown."""
    for child in node.named_children:
        if child.type == "spread_element":
            inner = resolved(module, next(iter(named(child)), None))
            if inner is None or inner.type != "object":
                return True
        if child.type == "pair" and _key(module, child.child_by_field_name("key")) is None:
            return True
    return False


def options(module: Module, node: Node | None) -> dict[str, Node]:
    """Return the members of the object an expression stands for; nothing where it is no object."""
    found = resolved(module, node)
    return dict(entries(module, found)) if found is not None and found.type == "object" else {}


def _key(module: Module, node: Node | None) -> str | None:
    if node is not None and node.type == "computed_property_name":
        return string(module, next(iter(named(node)), None))
    text = literal(module.tree, node)
    return module.text(node) if text is None and node is not None else text


def string(module: Module, node: Node | None) -> str | None:
    """Return the one text an expression stands for; None where it is not known."""
    found = name(module, node)
    return found.text if isinstance(found, Exact) else None


def name(module: Module, node: Node | None) -> Name:
    """Read an expression as a text: constants, concatenations, templates; what is unknown in it becomes `*`."""
    if node is None:
        return Unreadable("not given")
    text = _pattern(module, node, 0)
    if text is None:
        return Unreadable(f"computed: {' '.join(module.text(node).split())[:60]}")
    joined = "".join(piece if piece is not None else "*" for piece in text)
    return Pattern(joined) if None in text else Exact(joined)


def _pattern(module: Module, node: Node | None, depth: int) -> list[str | None] | None:
    """Return the pieces of a text, None for each unknown one; None where nothing of it is known."""
    found = resolved(module, node)
    if found is None or depth > MAXIMUM_DEPTH:
        return None
    match found.type:
        case "string":
            return [literal(module.tree, found)]
        case "number":
            return [module.text(found)]
        case "template_string":
            pieces: list[str | None] = []
            for child in found.named_children:
                match child.type:
                    case "string_fragment":
                        pieces.append(module.text(child))
                    case "escape_sequence":
                        pieces.append(escaped(module.text(child)))
                    case "template_substitution":
                        inner = next(iter(named(child)), None)
                        pieces += _pattern(module, inner, depth + 1) or [None]
            return pieces if not pieces or any(piece is not None for piece in pieces) else None
        case "binary_expression" if module.text(found.child_by_field_name("operator")) == "+":
            sides = [_pattern(module, found.child_by_field_name(side), depth + 1) for side in ("left", "right")]
            if all(side is None for side in sides):
                return None
            return [piece for side in sides for piece in (side or [None])]
    return None


def alternatives(module: Module, node: Node | None, depth: int = 0) -> tuple[Node, ...]:
    """Return the expressions an expression may become: both sides of `||`, `??` and `? :`."""
    node = unwrapped(node)
    if node is None or depth > MAXIMUM_DEPTH:
        return ()
    if node.type == "binary_expression" and module.text(node.child_by_field_name("operator")) in ("||", "??"):
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        return tuple(item for side in sides for item in alternatives(module, side, depth + 1))
    if node.type == "ternary_expression":
        sides = [node.child_by_field_name(side) for side in ("consequence", "alternative")]
        return tuple(item for side in sides for item in alternatives(module, side, depth + 1))
    return (node,)


def is_environment(module: Module, node: Node | None) -> bool:
    """Tell whether an expression is the environment as a whole: `process.env` or a name for it."""
    found = resolved(module, node)
    return (
        found is not None
        and found.type in ("member_expression", "identifier")
        and module.dotted(found) in _ENVIRONMENTS
    )


def variable(module: Module, node: Node | None, depth: int = 0) -> Name | None:
    """Return the variable an expression reads, `process.env.X` or `process.env["X"]`; None where it reads none."""
    node = unwrapped(node)
    if node is not None and node.type == "identifier":
        binding = module.lookup(node)
        if binding is None or not binding.constant:
            return None
        if not binding.path:
            return variable(module, binding.value, depth + 1) if depth < MAXIMUM_DEPTH else None
        return Exact(binding.path[0]) if len(binding.path) == 1 and is_environment(module, binding.value) else None
    if node is None or node.type not in ("member_expression", "subscript_expression"):
        return None
    if not is_environment(module, node.child_by_field_name("object")):
        return None
    own = node.child_by_field_name("property")
    return Exact(module.text(own)) if own is not None else name(module, node.child_by_field_name("index"))
