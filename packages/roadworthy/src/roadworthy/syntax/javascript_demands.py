"""Whether a JavaScript program can do without a value: what stands around the expression that reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, named, unwrapped

_MAXIMUM_STEPS = 12
_CONVERTERS = frozenset(
    {"Number", "parseInt", "parseFloat", "Number.parseInt", "Number.parseFloat", "String", "BigInt", "JSON.parse"}
)
_ASSERTING = re.compile(r"(?:.*\.)?(?:assert|invariant|ensure|required?|must|check)[A-Z_]?\w*(?:\.ok)?")
_GIVING_UP = re.compile(r"fail|throw|raise|panic|missing|require|abort|exit", re.IGNORECASE)
_STARTING = re.compile(r"start|boot|main|run|init|setup|config|create|build|load|connect|env", re.IGNORECASE)
# They throw where they get nothing.
_DEMANDING = frozenset(
    {"URL", "Buffer.from", "fs.readFileSync", "readFileSync", "mongoose.connect", "mongoose.createConnection"}
    | {"jsonwebtoken.sign", "jsonwebtoken.verify", "node:fs.readFileSync", "amqplib.connect", "mongodb.MongoClient"}
)


@dataclass(frozen=True, slots=True)
class Demand:
    """`required` is None where it cannot be seen; `default` is what is taken instead."""

    required: bool | None
    default: Node | None = None


def demand(module: Module, node: Node, name: str) -> Demand:
    """Tell whether the program needs what an expression reads, and what it falls back on."""
    asked, guarded = _asked(module)
    if name in guarded:
        return Demand(True)
    asserted = False
    for _ in range(_MAXIMUM_STEPS):
        parent = node.parent
        if parent is None:
            break
        match parent.type:
            case "non_null_expression":
                asserted = True
            case "as_expression":
                asserted = asserted or module.text(parent).rstrip().endswith("as string")
            case "parenthesized_expression" | "await_expression" | "satisfies_expression" | "template_substitution":
                pass
            case "binary_expression":
                found = _binary(module, parent, node)
                if found is not None:
                    return found
            case "ternary_expression":
                if parent.child_by_field_name("condition") == node:
                    return Demand(False)
            case "unary_expression" | "if_statement" | "while_statement" | "typeof_expression":
                return Demand(False)
            case "augmented_assignment_expression":
                return Demand(False, parent.child_by_field_name("right"))
            case "member_expression" | "subscript_expression" if parent.child_by_field_name("object") == node:
                optional = any(child.type == "optional_chain" for child in parent.children)
                return Demand(False if optional or name in asked else _at_start(node))
            case "arguments":
                call = module.call(parent.parent)
                if call is None:
                    break
                if call.name in _CONVERTERS:
                    node = call.node
                    continue
                if call.name == "Boolean":
                    return Demand(False)
                if call.name in _DEMANDING or _ASSERTING.fullmatch(call.name):
                    return Demand((False if name in asked else _at_start(node)) if call.name in _DEMANDING else True)
                break
            case "variable_declarator" | "assignment_expression" | "pair" | "public_field_definition":
                own = _target(module, parent)
                if own in guarded:
                    return Demand(True)
                if own in asked:
                    return Demand(False)
                break
            case _:
                break
        node = parent
    if name in asked:
        return Demand(False)
    return Demand(_at_start(node) if asserted else None)


def _at_start(node: Node) -> bool | None:
    """Tell that an expression is evaluated when the program starts; None where a function may never get there."""
    for function in enclosing(node, *FUNCTIONS):
        if function.type == "method_definition" or _STARTING.search(_own_name(function)) is None:
            return None
    return True


def _own_name(function: Node) -> str:
    own = function.child_by_field_name("name")
    above = function.parent
    if own is None and above is not None and above.type == "variable_declarator":
        own = above.child_by_field_name("name")
    if own is None:
        # Called where it stands, or handed to what calls it at once: `registerAs("a", () => ({…}))`.
        return "start" if above is not None and above.type in ("arguments", "parenthesized_expression") else ""
    return (own.text or b"").decode(errors="replace")


def needed(module: Module, *names: str) -> bool | None:
    """Tell by the conditions of a module whether it needs what these names stand for."""
    asked, guarded = _asked(module)
    if guarded.intersection(names):
        return True
    return False if asked.intersection(names) else None


def _binary(module: Module, parent: Node, node: Node) -> Demand | None:
    operator, left = module.text(parent.child_by_field_name("operator")), parent.child_by_field_name("left")
    if operator in ("||", "??"):
        if left != node:
            return None
        default = unwrapped(parent.child_by_field_name("right"))
        call = module.call(default)
        if call is not None and (_GIVING_UP.search(call.name) or "throw" in module.text(default)):
            return Demand(True)
        return Demand(False, default)
    if operator == "&&":
        return Demand(False) if left == node else None
    return Demand(False) if operator in ("===", "!==", "==", "!=", "in", "<", ">", "<=", ">=") else None


def _target(module: Module, parent: Node) -> str:
    for field in ("name", "left", "key", "property"):
        node = parent.child_by_field_name(field)
        if node is not None:
            return module.text(node).rpartition(".")[2]
    return ""


@lru_cache(maxsize=4)
def _asked(module: Module) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names whose presence the module asks for, and those without which it stops."""
    asked: set[str] = set()
    guarded: set[str] = set()
    for node in module.of("if_statement"):
        condition, body = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        missing = set(_missing(module, condition)) if condition is not None else set()
        if body is not None and stops(module, body) and _always(module, condition, missing):
            guarded |= missing
        else:
            asked |= missing
        if condition is not None:
            asked |= {*_names(module, condition)} - missing
    for node in module.of("ternary_expression", "while_statement"):
        condition = node.child_by_field_name("condition")
        asked |= set(_names(module, condition)) if condition is not None else set()
    for node in module.of("binary_expression"):
        left = node.child_by_field_name("left")
        if left is not None and module.text(node.child_by_field_name("operator")) in ("||", "??", "&&"):
            asked |= set(_names(module, left, shallow=True))
            right = node.child_by_field_name("right")
            if right is not None and module.text(node.child_by_field_name("operator")) == "&&":
                asked |= set(_names(module, right, shallow=True))
    for call in module.calls:
        if call.name == "Boolean":
            asked |= {name for argument in call.arguments for name in _names(module, argument, shallow=True)}
    return frozenset(asked - guarded), frozenset(guarded)


_IN_PRODUCTION = re.compile(r"NODE_ENV|prod", re.IGNORECASE)


def _always(module: Module, condition: Node | None, missing: set[str]) -> bool:
    """Tell whether a condition asks for nothing but what is missing, or for production besides."""
    text = module.text(condition)
    if "&&" not in text:
        return True
    sides = text.strip("()").split("&&")
    return all(any(name in side for name in missing) or _IN_PRODUCTION.search(side) for side in sides)


def _missing(module: Module, condition: Node) -> Iterator[str]:
    """Yield the names a condition finds missing: `!a`, `a === undefined`, `typeof a === "undefined"`."""
    for node in module.below(condition, "unary_expression", "binary_expression"):
        if node.type == "unary_expression" and module.text(node.child_by_field_name("operator")) == "!":
            argument = node.child_by_field_name("argument")
            yield from _names(module, argument, shallow=True) if argument is not None else ()
        elif node.type == "binary_expression":
            operator = module.text(node.child_by_field_name("operator"))
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and operator in ("==", "===") and module.text(right).strip("\"'") in _NOTHING:
                yield from _names(module, left)


_NOTHING = frozenset({"undefined", "null", ""})


def _names(module: Module, node: Node, *, shallow: bool = False) -> Iterator[str]:
    """Yield the last names of the expressions in a condition; of the expression itself alone where `shallow`."""
    if shallow:
        inner = unwrapped(node)
        if inner is not None and inner.type == "identifier":
            yield module.text(inner)
        elif inner is not None and inner.type == "member_expression":
            yield module.text(inner.child_by_field_name("property"))
        elif inner is not None and inner.type == "subscript_expression":
            text = values.string(module, inner.child_by_field_name("index"))
            if text is not None:
                yield text
        return
    for inner in module.below(node, "identifier", "property_identifier", "string_fragment"):
        yield module.text(inner)


def stops(module: Module, node: Node) -> bool:
    """Tell whether something at or below a node throws or ends the process."""
    if module.below(node, "throw_statement"):
        return True
    return any(
        module.text(call.child_by_field_name("function")) in ("process.exit", "process.abort")
        and module.text(call.child_by_field_name("arguments")) != "(0)"
        for call in module.below(node, "call_expression")
    )


def looped(module: Module, node: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """Return the loop an identifier is the variable of and the items it takes; None where it is none or they are unknown."""
    own = module.text(node)
    above = node.parent
    for _ in range(40):
        if above is None:
            return None
        if above.type == "for_in_statement" and own in module.text(above.child_by_field_name("left")).split():
            return _items(module, above, above.child_by_field_name("right"))
        if above.type in ("arrow_function", "function_expression"):
            given = above.child_by_field_name("parameter") or above.child_by_field_name("parameters")
            first = module.below(given, "identifier")[:1] if given is not None else []
            call = above.parent.parent if above.parent is not None and above.parent.type == "arguments" else None
            if first and module.text(first[0]) == own and call is not None and call.type == "call_expression":
                called = call.child_by_field_name("function")
                over = called.child_by_field_name("object") if called is not None else None
                return _items(module, call, over)
        above = above.parent
    return None


def _items(module: Module, loop: Node, over: Node | None) -> tuple[Node, tuple[Node, ...]] | None:
    found = values.resolved(module, over)
    if found is None or found.type != "array":
        return None
    return loop, named(found)
