"""Paths of routes as JavaScript frameworks write them, and the names of what routers are known by."""

import posixpath
import re

from tree_sitter import Node

from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, literal, named, unwrapped

MAXIMUM_LENGTH = 120
_MAXIMUM_DEPTH = 8
_OPTIONAL = re.compile(r"/:\w+(?:\([^()]*\)|\{[^{}]*\})?[?*]|\{/:\w+\}|/\{\*?\w+\}")
_PARAMETER = re.compile(r":\w+(?:\([^()]*\)|\{[^{}]*\})?\+?")
_WILD = re.compile(r"\*\w*|\(\.\*\)|\[\^?[^\]]*\]|[()?+\\{}].*")
_OWN_FOLDER = re.compile(r"__dirname|import\.meta\.(?:dirname|url)")
_TEXT = re.compile(r"(?:/[\w.:~-]*)+")


def template(path: str) -> str:
    """Turn the parameters of a route into `*`, those that may be left out or hold slashes into `**`."""
    path = path.replace("(.*)", "**")
    path = _OPTIONAL.sub("**", path)
    path = _PARAMETER.sub("\0", path)
    path = _WILD.sub("**", path)
    return path.replace("\0", "*")


def from_regex(text: str) -> str:
    """Turn a regular expression into a path, everything that is no plain text into `**`."""
    pattern = text[1 : text.rfind("/")].replace(r"\/", "/")
    start = "" if pattern.startswith("^") else "**"
    end = "" if pattern.endswith("$") else "**"
    plain = pattern.removeprefix("^").removesuffix("$")
    return start + re.sub(r"[\\()\[\]?+*|{.].*", "**", plain) + end


def may_be_path(text: str) -> bool:
    """Tell whether a constant can be a path or prefix."""
    return len(text) <= MAXIMUM_LENGTH and _TEXT.fullmatch(text) is not None


def text(module: Module, node: Node | None, depth: int = 0) -> str | None:
    """Read an expression as a path; names of other modules stand as `${…}`; None where it is computed."""
    found = values.resolved(module, node)
    if found is None or depth > _MAXIMUM_DEPTH:
        return None
    match found.type:
        case "string":
            return template(literal(module.tree, found) or "")
        case "regex":
            return from_regex(module.text(found))
        case "template_string":
            pieces: list[str] = []
            for child in found.named_children:
                if child.type == "string_fragment":
                    pieces.append(module.text(child))
                elif child.type == "template_substitution":
                    inner = text(module, next(iter(named(child)), None), depth + 1)
                    pieces.append("\1" if inner is None else inner)
            return template("".join(pieces)).replace("\1", "**")
        case "binary_expression":
            sides = [found.child_by_field_name(side) for side in ("left", "right")]
            operator = module.text(found.child_by_field_name("operator"))
            if operator == "+":
                texts = [text(module, side, depth + 1) for side in sides]
                return None if texts == [None, None] else "".join("**" if one is None else one for one in texts)
            if operator in ("||", "??"):
                variable = values.variable(module, sides[0])
                return f"${{{module.path}:env.{variable}}}" if variable is not None else None
        case "identifier" | "member_expression":
            name = key(module, found)
            return f"${{{name}}}" if name and values.variable(module, found) is None else None
        case "call_expression":
            call = module.call(found)
            if call is not None and call.name.endswith(("path.join", "path.posix.join")) and call.arguments:
                parts = [text(module, argument, depth + 1) for argument in call.arguments]
                return posixpath.join(*("**" if part is None else part.strip("/") or "/" for part in parts))
    return None


def folder(module: Module, node: Node | None) -> str | None:
    """Return the folder an expression means, `path.join(__dirname, "routes")`, as seen from the root of the repository."""
    found = values.resolved(module, node)
    call = module.call(found)
    if call is None or call.method not in ("join", "resolve") or len(call.arguments) < 2:
        return None
    if not _OWN_FOLDER.search(module.text(call.arguments[0])):
        first = values.resolved(module, call.arguments[0])
        if first is None or not _OWN_FOLDER.search(module.text(first)):
            return None
    parts = [values.string(module, argument) for argument in call.arguments[1:]]
    known = [part for part in parts if part is not None]
    return located(module.path, "./" + "/".join(known)) if len(known) == len(parts) else None


def located(path: str, specifier: str) -> str:
    """Return a module as seen from the root of the repository, `/src/routes`; packages and aliases as they stand."""
    if not specifier.startswith("."):
        return specifier
    return "/" + posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier)).lstrip("./")


def key(module: Module, node: Node | None, depth: int = 0) -> str:
    """Return the name by which modules know an expression: `path:name`, or `module:name` where it is imported.

    A parameter stands for the function it belongs to, `this.x` for `Class.x`, what `new` gives for its class, and what a
    call gives for the function. "" where there is no name.
    """
    node = unwrapped(node)
    if node is None or depth > _MAXIMUM_DEPTH:
        return ""
    match node.type:
        case "identifier" | "shorthand_property_identifier":
            return _of_identifier(module, node, depth)
        case "member_expression":
            found = values.resolved(module, node)
            if found is not None and found != node and found.type not in ("string", "template_string", "number"):
                return key(module, found, depth + 1)
            owner = key(module, node.child_by_field_name("object"), depth + 1)
            return f"{owner}.{module.text(node.child_by_field_name('property'))}" if owner else ""
        case "this":
            owner_class = next(enclosing(node, "class_declaration", "class"), None)
            name = module.text(owner_class.child_by_field_name("name")) if owner_class is not None else ""
            return f"{module.path}:{name or 'default'}" if owner_class is not None else ""
        case "new_expression":
            return key(module, node.child_by_field_name("constructor"), depth + 1)
        case "call_expression":
            dotted = module.dotted(node)
            if dotted and not dotted.endswith("()"):
                return f"{located(module.path, dotted)}:default"
            return key(module, node.child_by_field_name("function"), depth + 1)
        case kind if kind in FUNCTIONS:
            return bound(module, node)
    return ""


def _of_identifier(module: Module, node: Node, depth: int) -> str:
    name = module.text(node)
    binding = module.lookup(node)
    imported = module.imports.get(name)
    if imported is not None:
        return f"{located(module.path, imported.module)}:{imported.name or 'default'}"
    if binding is None:
        for function in enclosing(node, *FUNCTIONS):
            if name in parameters(module, function):
                return bound(module, function)
        return f"{module.path}:{name}"
    value = unwrapped(binding.value) if binding.constant and not binding.path else None
    followed = value is not None and value.type in ("new_expression", "identifier", "member_expression")
    # What a class of a library makes is known by the name it is given here.
    if value is not None and followed and (value.type != "new_expression" or _own_class(module, value)):
        return key(module, value, depth + 1) or f"{module.path}:{name}"
    return f"{module.path}:{name}"


def _own_class(module: Module, node: Node) -> bool:
    made = unwrapped(node.child_by_field_name("constructor"))
    if made is None or made.type != "identifier":
        return False
    imported = module.imports.get(module.text(made))
    return imported is None or is_own(imported.module)


def is_own(specifier: str) -> bool:
    """Tell whether a module may be one of the repository: relative, or by an alias as build tools know them."""
    return specifier.startswith((".", "/", "@/", "~", "#", "src/", "app/"))


def bound(module: Module, node: Node) -> str:
    """Return the name of what an expression, with the chain of calls it begins, is bound to, exported or returned as."""
    own = node.child_by_field_name("name") if node.type in FUNCTIONS else None
    if own is not None and node.type != "method_definition":
        return f"{module.path}:{module.text(own)}"
    current = node
    for _ in range(60):
        above = current.parent
        if current.type == "method_definition":
            return f"{_class(module, current)}{module.text(current.child_by_field_name('name'))}"
        if above is None:
            break
        match above.type:
            case "variable_declarator":
                return f"{module.path}:{module.text(above.child_by_field_name('name'))}"
            case "assignment_expression":
                left = above.child_by_field_name("left")
                if module.text(left) == "module.exports":
                    return f"{module.path}:default"
                if module.text(left).startswith(("exports.", "module.exports.")):
                    return f"{module.path}:{module.text(left).rpartition('.')[2]}"
                return key(module, left)
            case "public_field_definition" | "field_definition":
                name = above.child_by_field_name("name") or above.child_by_field_name("property")
                return f"{_class(module, above)}{module.text(name)}"
            case "export_statement":
                return f"{module.path}:default"
            case "return_statement":
                function = next(enclosing(above, *FUNCTIONS), None)
                return bound(module, function) if function is not None else ""
            case "arrow_function" if above.child_by_field_name("body") == current:
                return bound(module, above)
            case "pair":
                return f"{module.path}:{module.text(above.child_by_field_name('key'))}"
            case "arguments":
                # `fp(function plugin() {})` hands on what it is given.
                call = module.call(above.parent)
                if call is None or call.method not in ("fp", "fastify-plugin", "default", "asyncHandler"):
                    break
                current = call.node
                continue
            case "statement_block" | "program" | "expression_statement":
                break
        current = above
    return f"{module.path}:#{node.start_byte}"


def _class(module: Module, node: Node) -> str:
    owner = next(enclosing(node, "class_declaration", "class"), None)
    name = module.text(owner.child_by_field_name("name")) if owner is not None else ""
    return f"{module.path}:{name or 'default'}." if owner is not None else f"{module.path}:"


def parameters(module: Module, function: Node) -> list[str]:
    """Return the names of the parameters of a function, "" for patterns."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [module.text(single)]
    found = []
    for child in named(function.child_by_field_name("parameters")):
        inner = child.child_by_field_name("pattern") or child.child_by_field_name("left") or child
        found.append(module.text(inner) if inner.type == "identifier" else "")
    return found
