"""Paths and prefixes of routes as Python writes them, and the dotted names of modules."""

import ast
import re
from collections.abc import Callable, Iterator

from roadworthy.syntax.python import Module

_PARAMETER = re.compile(r"\{[^{}:]*(?::([^{}]*))?\}|<(?:([\w.]+)(?:\([^)]*\))?:)?\w+>")
_TEXT = re.compile(r"(?:/[\w.${}<>:~-]*)*/?")
MAXIMUM_LENGTH = 120


def absolute(path: str, dotted: str) -> str:
    """Return the dotted name that a relative import in the file at `path` means."""
    level = len(dotted) - len(dotted.lstrip("."))
    folders = path.split("/")[:-1]
    above = folders[: len(folders) - (level - 1)] if level > 1 else folders
    return ".".join([*above, dotted[level:]])


def text(module: Module, key: Callable[[ast.expr], str], node: ast.expr | None, depth: int = 0) -> str | None:
    """Read an expression as a path: parameters become `*`, names of other modules `${…}`; None where it is computed."""
    match node:
        case ast.Constant(value=str(value)):
            return template(value)
        case ast.Name(id=id) if id in module.constants and depth < 8:
            return text(module, key, module.constants[id], depth + 1)
        case ast.Name() | ast.Attribute():
            name = key(node)
            return f"${{{name}}}" if name else None
        case ast.BinOp(left=left, op=ast.Add(), right=right) if depth < 8:
            sides = [text(module, key, side, depth + 1) for side in (left, right)]
            return None if sides[0] is None and sides[1] is None else "".join(side or "**" for side in sides)
        case ast.JoinedStr(values=parts):
            pieces: list[str] = []
            for part in parts:
                inner = part.value if isinstance(part, ast.FormattedValue) else part
                found = text(module, key, inner, depth + 1) if depth < 8 else None
                pieces.append("**" if found is None else found)
            return "".join(pieces)
    return None


def template(path: str) -> str:
    """Turn the parameters of a route into `*`, those that may hold slashes into `**`."""
    return _PARAMETER.sub(lambda found: "**" if (found[1] or found[2]) == "path" else "*", path)


def from_regex(pattern: str) -> str:
    """Turn a Django regular expression into a path, everything that is no plain text into `**`."""
    plain = pattern.removeprefix("^").removesuffix("$")
    plain = re.sub(r"/\?$", "/", plain)
    return re.sub(r"(?:[\\()\[\]?+*|^$].*)$", "**", plain.replace(r"\.", ".").replace(r"\-", "-"))


def constants(module: Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the texts at the top of a module and of its classes that may be a path or prefix, with their names."""
    for owner, body in [("", module.tree.body), *_classes(module.tree.body)]:
        for statement in body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=id)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=id), value=ast.expr() as value)
                ):
                    found = _literal(value)
                    if found is not None and len(found) <= MAXIMUM_LENGTH and _TEXT.fullmatch(found):
                        yield owner + id, template(found), value


def _classes(body: list[ast.stmt]) -> list[tuple[str, list[ast.stmt]]]:
    return [(f"{node.name}.", node.body) for node in body if isinstance(node, ast.ClassDef)]


def _literal(value: ast.expr) -> str | None:
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(keywords=keywords, args=arguments):
            default = next((keyword.value for keyword in keywords if keyword.arg == "default"), None)
            last = default if default is not None else (arguments[-1] if arguments else None)
            return last.value if isinstance(last, ast.Constant) and isinstance(last.value, str) else None
    return None
