"""Names that JavaScript modules hand on to one another, and constants that may be the path or prefix of routes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import NameImported, PathText
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_middleware as known
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.javascript_tree import literal, unwrapped

PROVIDES = frozenset({Kind.PATH})

_WORDS = ("outer", "oute", "express", "fastify", "koa", "hono", "onfig", "ort")
_HANDED_ON = re.compile(r"export\s*(?:\*|\{[^{}]*\})|exports\S*\s*=\s*require|exports\s*=\s*\{|export\s+default")
_PREFIX = re.compile(r"[=:(?|]\s*[\"'`]/[\w{$]")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that hands names on, or holds a text that may be a prefix."""
    text = file.text
    found = any(word in text for word in _WORDS) or _HANDED_ON.search(text) or _PREFIX.search(text)
    return bool(found) and file.role is FileRole.PROD and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield names handed on and texts that may be prefixes."""
    reader = _Reader(file, javascript.module(file))
    yield from reader.texts()
    yield from reader.exported()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: Module

    def _symbol(self, name: str, detail: Detail, at: Node, *, refers: bool = False) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.CONSTRUCT, action, Exact(name), self.module.span(at), role=self.file.role, detail=detail)

    def texts(self) -> Iterator[Symbol]:
        """Yield the constants that may be a path or prefix, by the names other modules know them by."""
        for node in self.module.of("variable_declarator"):
            target, value = node.child_by_field_name("name"), unwrapped(node.child_by_field_name("value"))
            if target is None or target.type != "identifier" or value is None:
                continue
            yield from self._text(f"{self.file.path}:{self.module.text(target)}", value, 0)
        for export in self.module.exports:
            if not export.name and export.node is not None and export.node.type == "object":
                yield from self._text(f"{self.file.path}:default", export.node, 0)
        for node in self.module.of("binary_expression"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if (
                right is not None
                and right.type == "string"
                and paths.may_be_path(literal(self.module.tree, right) or "")
            ):
                variable = values.variable(self.module, left)
                if variable is not None:
                    text = PathText(literal(self.module.tree, right) or "")
                    yield self._symbol(f"{self.file.path}:env.{variable}", text, right)

    def _text(self, name: str, value: Node, depth: int) -> Iterator[Symbol]:
        if value.type == "object" and depth < 3 and value.end_byte - value.start_byte < 10_000:
            for inner, node in values.entries(self.module, value):
                found = unwrapped(node)
                if found is not None and found.type in ("string", "template_string", "object", "binary_expression"):
                    yield from self._text(f"{name}.{inner}", found, depth + 1)
        elif value.type in ("string", "template_string") or (value.type == "binary_expression" and depth < 3):
            text = paths.text(self.module, value)
            plain = literal(self.module.tree, value)
            if text is not None and (paths.may_be_path(plain) if plain is not None else text.startswith(("/", "${"))):
                yield self._symbol(name, PathText(text), value)

    def exported(self) -> Iterator[Symbol]:
        """Yield the names that this module hands on from others, or under another name than its own."""
        path = self.file.path
        for export in self.module.exports:
            name = f"{path}:{export.name or 'default'}"
            if export.source:
                source = paths.located(path, export.source)
                target = f"{source}:{'*' if export.name == '*' else export.imported or 'default'}"
            else:
                node = unwrapped(export.node)
                if node is not None and node.type == "object" and not export.name:
                    for inner, value in values.entries(self.module, node):
                        held = self._declared(unwrapped(value), f"{name}.{inner}")
                        if held and held != f"{name}.{inner}":
                            yield self._symbol(f"{name}.{inner}", NameImported(held), value, refers=True)
                    continue
                target = self._declared(node, name)
            if target and target != name:
                yield self._symbol(name, NameImported(target), export.at, refers=True)

    def _declared(self, node: Node | None, name: str) -> str:
        if node is None:
            return ""
        if node.type in ("call_expression", "new_expression"):
            root = self.module.dotted(node).partition(".")[0].partition("()")[0]
            own = self.module.call(node) is not None and known.package(self.module, node) is None
            declared = self.module.bindings(root) or root in self.module.imports or "require" in self.module.text(node)
            if not own or not (declared or paths.is_own(root) or self.module.dotted(node).startswith(("/", "."))):
                bound = paths.bound(self.module, node)
                return bound if bound != name else ""
        if node.type in ("function_declaration", "class_declaration", "generator_function_declaration"):
            named_as = self.module.text(node.child_by_field_name("name"))
            return f"{self.file.path}:{named_as}" if named_as else ""
        kinds = (
            "identifier",
            "shorthand_property_identifier",
            "member_expression",
            "call_expression",
            "new_expression",
        )
        if node.type in kinds:
            return paths.key(self.module, node) or paths.bound(self.module, node)
        return ""
