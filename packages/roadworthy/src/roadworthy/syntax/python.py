"""Python source as its own `ast`, with places in code points."""

import ast
import re
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar, cast

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Exact, Name, Pattern, Unreadable
from roadworthy.syntax.newer_python import older
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.python_tree import children, walk

Function = ast.FunctionDef | ast.AsyncFunctionDef
MAXIMUM_PILE = 8
_INDENTED = 16
_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(eq=False)
class Module:
    """One parsed module: its tree, its nodes (breadth first), its top-level constants and what its names were imported
    as. What several readers ask of it is found out once."""

    path: str
    tree: ast.Module
    lines: list[str]
    nodes: list[ast.AST]
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    _below: dict[Function, list[ast.AST]] = field(default_factory=dict)
    _of_several: dict[tuple[type, ...], list[ast.AST]] = field(default_factory=dict)

    @cached_property
    def _by_kind(self) -> dict[type, list[ast.AST]]:
        found: dict[type, list[ast.AST]] = defaultdict(list)
        for node in self.nodes:
            found[type(node)].append(node)
        return found

    def of(self, *kinds: type[_Node]) -> list[_Node]:
        """Return the nodes of these classes, in order."""
        if len(kinds) == 1:
            return cast("list[_Node]", self._by_kind.get(kinds[0], []))
        if kinds not in self._of_several:
            self._of_several[kinds] = [node for node in self.nodes if type(node) in kinds]
        return cast("list[_Node]", self._of_several[kinds])

    @cached_property
    def calls(self) -> list[tuple[ast.Call, str]]:
        """Return every call, with the dotted name of what is called."""
        return [(call, self.dotted(call.func)) for call in self.of(ast.Call)]

    @cached_property
    def functions(self) -> list[Function]:
        """Return the functions that have a name, in order; of a pile of them only the outer ones.

        What is asked of a function is asked of all that stands in it: without a limit, a pile would be read as often as
        it is high.
        """
        found = [node for node in self.nodes if isinstance(node, Function)]
        if all(function.col_offset <= _INDENTED for function in found):
            return found
        return [function for function in found if self._height(function) <= MAXIMUM_PILE]

    def _height(self, function: Function) -> int:
        height, outer = 0, self.around.get(function)
        while outer is not None and height <= MAXIMUM_PILE:
            height, outer = height + 1, self.around.get(outer)
        return height

    @cached_property
    def around(self) -> dict[ast.AST, Function]:
        """Map every node to the innermost function it stands in."""
        found: dict[ast.AST, Function] = {}
        # The outer ones come first, so that the innermost has the last word.
        for function in cast("list[Function]", self.of(ast.FunctionDef, ast.AsyncFunctionDef)):
            found.update(dict.fromkeys(walk(function)[1:], function))
        return found

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Map every node to the one it stands in."""
        return {child: node for node in self.nodes for child in children(node)}

    def below(self, function: Function) -> list[ast.AST]:
        """Return a function and all that stands in it, breadth first."""
        if function not in self._below:
            self._below[function] = walk(function)
        return self._below[function]

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.ExceptHandler) -> Span:
        """Return the place of a node."""
        end_line = node.end_lineno or node.lineno
        return Span(
            self.path,
            node.lineno,
            self._column(node.lineno, node.col_offset) + 1,
            end_line,
            max(self._column(end_line, node.end_col_offset or node.col_offset), 1),
        )

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return offset
        return len(text.encode()[:offset].decode(errors="ignore"))

    def dotted(self, node: ast.expr) -> str:
        """Return the full dotted name of an expression with its imports resolved; "" where it is not a name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        parts.append(self.imports.get(node.id, node.id))
        return ".".join(reversed(parts))

    def name(self, node: ast.expr | None, depth: int = 0) -> Name:
        """Read an expression as a text: constants, concatenations, f-strings and names of top-level constants."""
        text = self._pattern(node, depth)
        if text is None:
            return Unreadable(f"computed: {ast.unparse(node)[:60]}" if node is not None else "not given")
        return Pattern("".join(text)) if "*" in text or "**" in text else Exact("".join(text))

    def _pattern(self, node: ast.expr | None, depth: int) -> list[str] | None:
        if depth > 8:
            return None
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.Name(id=id) if id in self.constants:
                return self._pattern(self.constants[id], depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                parts = [self._pattern(side, depth + 1) for side in (left, right)]
                if all(part is None for part in parts):
                    return None
                return [piece for part in parts for piece in (part or ["*"])]
            case ast.JoinedStr(values=values):
                pieces: list[str] = []
                for value in values:
                    inner = value.value if isinstance(value, ast.FormattedValue) else value
                    pieces += self._pattern(inner, depth + 1) or ["*"]
                return None if all(piece == "*" for piece in pieces) else pieces
        return None


# Before 3.12, reading a formatted text takes time in the square of its fields.
_LONG_FORM = re.compile(r"""[fF][rR]?(?:"[^"\n]{30000}|'[^'\n]{30000})""")


def _parsed(text: str) -> ast.Module:
    """Parse a text, also one written for a newer Python; raise SyntaxError as the text stands."""
    try:
        return ast.parse(text)
    except SyntaxError:
        rewritten = older(text)
        if rewritten == text:
            raise
        with suppress(SyntaxError):
            return ast.parse(rewritten)
        raise


@lru_cache(maxsize=8)
def module(file: SourceFile) -> Module:
    """Parse a file; raise SyntaxProblem with its place."""
    if sys.version_info < (3, 12) and _LONG_FORM.search(file.text):
        raise SyntaxProblem("a formatted text too long to read")
    try:
        tree = _parsed(file.text)
    except SyntaxError as problem:
        own = f"not readable as Python {sys.version_info.major}.{sys.version_info.minor}"
        raise SyntaxProblem(f"{own}: {problem.msg}", problem.lineno or 1, max(problem.offset or 1, 1)) from problem
    except (ValueError, RecursionError, MemoryError) as problem:
        raise SyntaxProblem("not readable as Python (nested too deeply, or NUL characters)") from problem
    out = Module(file.path, tree, re.split("\r\n|\r|\n", file.text), walk(tree))
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=id)], value=value):
                out.constants[id] = value
            case ast.AnnAssign(target=ast.Name(id=id), value=ast.expr() as value):
                out.constants[id] = value
    for node in out.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.split(".")[0]
                out.imports[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom):
            within = "." * node.level + (f"{node.module}." if node.module else "")
            for alias in node.names:
                out.imports[alias.asname or alias.name] = within + alias.name
    return out
