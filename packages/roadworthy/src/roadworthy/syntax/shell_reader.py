"""Reads a shell text into its parts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from roadworthy.model.place import Span
from roadworthy.syntax.shell_parts import Assignment, Command, Script, Variable

_BRANCHES = frozenset({"if_statement", "case_statement"})
_ASKING = ("command -v", "which ", "type ", "hash ", "-x ", "-f ", "-e ", "-s ", "-d ", "-S ", "uname", "os-release")
_GIVING_UP = frozenset(
    {"exit", "return", "false", "kill", "fail", "die", "abort", "bail", "fatal", "error_exit", "err_exit"}
)
_BESIDE = frozenset(
    {"comment", "else_clause", "elif_clause", "file_redirect", "heredoc_redirect", "herestring_redirect"}
)
_BODIES = frozenset(
    {"program", "compound_statement", "subshell", "do_group", "if_statement", "else_clause", "case_item"}
)
_SAYING = frozenset({"echo", "printf", "true", ":", "log", "rm", "then", "else", "fi", "date"})
MAXIMUM_FUNCTIONS = 100
_LANGUAGE = Language(tree_sitter_bash.language())


@dataclass(frozen=True, slots=True)
class _Context:
    optional: bool = False
    piped: bool = False
    swallowed: bool = False
    writes: tuple[str, ...] = ()
    fate: str = ""
    last: bool = True
    function: str = ""
    pipe: int = 0
    reads: tuple[str, ...] = ()


class Reader:
    """Reads one text."""

    def __init__(self, text: str, path: str) -> None:
        self._data = text.encode("utf-8", "replace")
        self._lines = self._data.split(b"\n")
        self._path = path
        self._counts: dict[int, list[int] | None] = {}
        self._commands: list[Command] = []
        self._assignments: list[Assignment] = []
        self._variables: list[Variable] = []
        self._functions: set[str] = set()
        self._broken: list[Span] = []
        self._set_names: set[str] = set()
        self._bodies: list[tuple[str, Span]] = []

    def read(self) -> Script:
        root = Parser(_LANGUAGE).parse(self._data).root_node
        stack = [(root, _Context())]
        while stack:
            node, context = stack.pop()
            stack += self._visit(node, context)
        return Script(
            tuple(sorted(self._commands, key=lambda command: command.at)),
            tuple(sorted(self._assignments, key=lambda assignment: assignment.at)),
            tuple(sorted(self._variables, key=lambda variable: variable.at)),
            frozenset(self._functions),
            tuple(sorted(self._broken)),
            frozenset(self._set_names),
            tuple(self._wrappers()),
        )

    def _wrappers(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, body in self._bodies[:MAXIMUM_FUNCTIONS]:
            first, last = (body.line, body.column), (body.end_line, body.end_column)
            inside = [c for c in self._commands if first <= (c.at.line, c.at.column) <= last]
            if len(inside) == 1 and inside[0].words[-1] in ("$@", "${@}") and inside[0].program != name:
                yield name, inside[0].words[:-1]
        for assignment in self._assignments[:MAXIMUM_FUNCTIONS]:
            if assignment.value.startswith("(") and "$(" not in assignment.value:
                yield f"${{{assignment.name}[@]}}", tuple(assignment.value.strip("()").replace('"', "").split())

    def _visit(self, node: Node, context: _Context) -> Iterator[tuple[Node, _Context]]:
        if node.is_error or node.is_missing:
            self._broken.append(self._span(node))
        match node.type:
            case "command":
                self._command(node, context)
            case "declaration_command":
                self._declaration(node)
            case "variable_assignment":
                if node.parent is None or node.parent.type not in ("command", "declaration_command"):
                    self._assignment(node, exported=False)
            case "simple_expansion" | "expansion":
                self._expansion(node)
            case "function_definition":
                name = node.child_by_field_name("name")
                if name is not None:
                    self._functions.add(self._text(name))
                    context = replace(context, function=self._text(name), last=True, fate="", writes=())
                    self._bodies.append((self._text(name), self._span(node)))
            case "for_statement":
                variable = node.child_by_field_name("variable")
                if variable is not None:
                    self._set_names.add(self._text(variable))
            case "list":
                yield from self._list(node, context)
                return
            case "pipeline":
                *left, right = node.named_children
                context = replace(context, pipe=node.start_byte + 1)
                yield from ((child, replace(context, piped=True, writes=(), reads=())) for child in left)
                yield right, context
                return
            case "redirected_statement":
                inner = replace(
                    context, writes=tuple(self._destinations(node)), reads=tuple(self._destinations(node, "<"))
                )
                yield from ((child, inner) for child in node.named_children)
                return
            case "if_statement" | "elif_clause":
                fate = self._branches(node)
                inner = replace(context, optional=context.optional or self._asks(node), writes=())
                conditions = node.children_by_field_name("condition") or node.named_children[:1]
                for child in node.named_children:
                    asked = any(child == condition for condition in conditions)
                    last = inner.last and not self._followed(child)
                    yield child, replace(inner, fate=fate, last=False) if asked else replace(inner, last=last)
                return
            case "while_statement":
                body = node.child_by_field_name("body")
                for child in node.named_children:
                    yield child, replace(context, fate=context.fate if child == body else "handled", last=False)
                return
            case "do_group":
                context = replace(context, last=False)
        if node.type in _BRANCHES:
            context = replace(context, optional=context.optional or self._asks(node), writes=())
        if node.type in _BODIES:
            for child in node.named_children:
                yield child, replace(context, last=context.last and not self._followed(child))
            return
        yield from ((child, context) for child in node.named_children)

    def _followed(self, node: Node) -> bool:
        """Tell whether another statement stands behind this one."""
        after = node.next_named_sibling
        while after is not None and after.type == "comment":
            after = after.next_named_sibling
        return after is not None and after.type not in _BESIDE

    def _branches(self, node: Node) -> str:
        """Return what an `if` does when its condition fails: "handled" where it gives up or calls something."""
        conditions = node.children_by_field_name("condition")
        negated = any(self._text(condition).lstrip().startswith("!") for condition in conditions)
        end = max((condition.end_byte for condition in conditions), default=node.start_byte)
        others = [child for child in node.children if child.type in ("elif_clause", "else_clause")]
        if negated:
            failing = [child for child in node.named_children if child.start_byte >= end and child not in others]
        else:
            failing = others
        if len(node.children) > _MAXIMUM_BRANCH or any(child.type == "elif_clause" for child in failing):
            return "handled"
        return "handled" if any(self._does_something(child) for child in failing) else "ignored"

    def _does_something(self, node: Node) -> bool:
        words = self._end_of(node).replace(";", " ").replace("}", " ").split()
        if any(word in _GIVING_UP for word in words) and "exit 0" not in " ".join(words):
            return True
        called = [node, *node.named_children]
        names = [self._text(c).split(maxsplit=1)[0] for c in called if c.type == "command" and self._text(c).strip()]
        return any(name not in _SAYING for name in names)

    def _list(self, node: Node, context: _Context) -> Iterator[tuple[Node, _Context]]:
        operator = next((child.type for child in node.children if not child.is_named), "")
        left, right = node.named_children[0], node.named_children[-1]
        if operator == "||":
            gives_up = self._gives_up(right)
            swallowed = self._shrugs(right) or context.swallowed
            fate = "ignored" if swallowed else "handled" if gives_up or self._does_something(right) else "ignored"
            yield left, replace(context, optional=context.optional or not gives_up, swallowed=swallowed, fate=fate)
            yield right, replace(context, optional=True)
            return
        asks = any(word in self._end_of(left) for word in _ASKING)
        yield left, replace(context, fate=context.fate or "chained")
        yield right, replace(context, optional=context.optional or asks)

    def _shrugs(self, node: Node) -> bool:
        words = self._text(node).split()
        return node.type == "command" and (
            words[:1] in (["true"], [":"], ["echo"], ["printf"]) or words == ["exit", "0"]
        )

    def _gives_up(self, node: Node) -> bool:
        words = self._end_of(node).replace(";", " ").replace("}", " ").split()
        return any(word in _GIVING_UP for word in words) and words[-2:] != ["exit", "0"]

    def _asks(self, node: Node) -> bool:
        if node.type == "case_statement":
            return True
        conditions = node.children_by_field_name("condition")
        return any(word in self._text(condition) for condition in conditions for word in _ASKING)

    def _command(self, node: Node, context: _Context) -> None:
        pieces = list(self._pieces(node))
        for number, children in enumerate(pieces):
            words: list[str] = []
            for child in children:
                match child.type:
                    case "variable_assignment":
                        self._assignment(child, exported=True)
                    case "file_redirect" | "herestring_redirect" | "heredoc_redirect":
                        continue
                    case "command_name":
                        words.append(self._word(child.named_children[0]) if child.named_children else self._text(child))
                    case _:
                        words.append(self._word(child))
            if words and words[0]:
                final = number == len(pieces) - 1
                at = self._span(node) if len(pieces) == 1 else self._between(children[0], children[-1])
                found = Command(
                    tuple(words),
                    at,
                    context.optional,
                    context.piped,
                    context.swallowed,
                    (*self._destinations(node), *context.writes) if final else (),
                    context.fate,
                    context.last and final,
                    context.function,
                    0 if number else context.pipe,
                    (*self._destinations(node, "<"), *context.reads) if final else (),
                )
                self._commands.append(found)

    def _pieces(self, node: Node) -> Iterator[list[Node]]:
        """Yield the children of a command, line by line.

        The grammar takes a line that ends in a redirection for a part of the pipeline of three or more above it.
        """
        piece: list[Node] = []
        for child in node.named_children:
            if piece and child.start_point[0] > piece[-1].end_point[0]:
                between = self._data[piece[-1].end_byte : child.start_byte]
                if b"\n" in between and b"\\" not in between and b"<<" not in self._lines[piece[-1].end_point[0]]:
                    yield piece
                    piece = []
            piece.append(child)
        yield piece

    def _declaration(self, node: Node) -> None:
        exported = node.children[0].type == "export"
        for child in node.named_children:
            if child.type == "variable_name" and not exported:
                self._set_names.add(self._text(child))
            if child.type == "variable_assignment":
                self._assignment(child, exported=exported)

    def _assignment(self, node: Node, *, exported: bool) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None:
            text = self._word(value) if value is not None else ""
            self._assignments.append(Assignment(self._text(name), text, exported, self._span(node)))

    def _expansion(self, node: Node) -> None:
        name = next((child for child in node.named_children if child.type == "variable_name"), None)
        if name is None:
            return
        operator = next((child.type for child in node.children if child.type in _OPERATORS), "")
        rest = self._data[name.end_byte : node.end_byte].decode("utf-8", "replace")
        word = rest[len(operator) :].removesuffix("}") if operator else ""
        self._variables.append(Variable(self._text(name), operator, word, self._span(node)))

    def _destinations(self, node: Node, *operators: str) -> Iterator[str]:
        wanted = operators or (">", ">>", "&>", ">|")
        for child in node.named_children:
            if child.type == "file_redirect" and any(c.type in wanted for c in child.children):
                target = child.child_by_field_name("destination")
                if target is not None:
                    yield self._word(target)

    def _word(self, node: Node) -> str:
        match node.type:
            case "string":
                return self._text(node).removeprefix('"').removesuffix('"').replace('\\"', '"').replace("\\\n", "")
            case "raw_string":
                return self._text(node).removeprefix("'").removesuffix("'")
            case "concatenation":
                return "".join(
                    self._word(child) if child.type in ("string", "raw_string", "word") else self._text(child)
                    for child in node.children
                )
            case "word":
                return self._text(node).replace("\\\n", "").replace("\\", "")
        return self._text(node)

    def _end_of(self, node: Node) -> str:
        """Return the last part of a node's text: long chains of `&&` nest, and all of each would be read again."""
        return self._data[max(node.start_byte, node.end_byte - 400) : node.end_byte].decode("utf-8", "replace")

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _span(self, node: Node) -> Span:
        (row, column), (end_row, end_column) = node.start_point, node.end_point
        return Span(
            self._path,
            row + 1,
            self._points(row, column) + 1,
            end_row + 1,
            max(self._points(end_row, end_column), 1),
        )

    def _between(self, first: Node, last: Node) -> Span:
        start, end = self._span(first), self._span(last)
        return Span(self._path, start.line, start.column, end.end_line, end.end_column)

    def _points(self, row: int, column: int) -> int:
        """Return how many code points stand before a byte of a line; long lines are counted in blocks, once."""
        if row >= len(self._lines):
            return 0
        line = self._lines[row]
        if row not in self._counts:
            blocks = (line[start : start + _BLOCK] for start in range(0, len(line), _BLOCK))
            counts = accumulate((len(block.translate(None, _CONTINUATION)) for block in blocks), initial=0)
            self._counts[row] = None if line.isascii() else list(counts)
        before = self._counts[row]
        if before is None:
            return column
        block = column // _BLOCK
        return before[block] + len(line[block * _BLOCK : column].translate(None, _CONTINUATION))


_BLOCK = 1024
_MAXIMUM_BRANCH = 2000
_CONTINUATION = bytes(range(0x80, 0xC0))
_OPERATORS = frozenset({":-", "-", ":?", "?", ":+", "+", ":=", "="})
