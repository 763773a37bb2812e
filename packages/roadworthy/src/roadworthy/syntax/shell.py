"""Shell scripts and one-liners: the simple commands in them, where they stand and whether they must succeed.

tree-sitter's grammar recovers from what it does not know, so that a script is read as far as it can be; what could not
be read is told by `Script.broken`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile

BUILTINS = frozenset(
    {".", ":", "[", "[[", "alias", "bg", "break", "cd", "command", "continue", "declare", "echo", "eval", "exec"}
    | {"exit", "export", "false", "fg", "getopts", "hash", "jobs", "let", "local", "printf", "pwd", "read", "readonly"}
    | {"return", "set", "shift", "shopt", "source", "test", "times", "trap", "true", "type", "typeset", "ulimit"}
    | {"umask", "unalias", "unset", "wait", "mapfile", "readarray", "kill", "builtin", "caller", "dirs", "disown"}
    | {"enable", "fc", "help", "history", "logout", "popd", "pushd", "suspend", "compgen", "complete", "compopt"}
)
_BRANCHES = frozenset({"if_statement", "case_statement"})
_ASKING = ("command -v", "which ", "type ", "hash ", "-x ", "-f ", "-e ", "-s ", "-d ", "-S ", "uname", "os-release")
_GIVING_UP = frozenset({"exit", "return", "false", "kill"})
MAXIMUM_CHARACTERS = 300_000
_LANGUAGE = Language(tree_sitter_bash.language())


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`; `exported` by `export`, or given to one command only."""

    name: str
    value: str
    exported: bool
    at: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that is read; `operator` is that of `${name:-word}`, "" where there is none."""

    name: str
    operator: str
    word: str
    at: Span


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. Words keep their expansions (`$HOST`) and lose their quotes.

    `optional` tells that the script goes on or takes another way when it is missing or fails; `piped` that its
    output feeds another command; `swallowed` that its failure is thrown away (`|| true`, `|| echo …`); `writes` are the files its
    output goes to.
    """

    words: tuple[str, ...]
    at: Span
    optional: bool = False
    piped: bool = False
    swallowed: bool = False
    writes: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Script:
    """What a script does, in the order it stands there; `broken` are the places that could not be read, `set_names` the
    variables that loops, `read` and declarations without a value set."""

    commands: tuple[Command, ...]
    assignments: tuple[Assignment, ...]
    variables: tuple[Variable, ...]
    functions: frozenset[str]
    broken: tuple[Span, ...]
    set_names: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def script(file: SourceFile) -> Script:
    """Read a file."""
    return parse(file.text, file.path)


@lru_cache(maxsize=512)
def parse(text: str, path: str = "") -> Script:
    """Read a text. One that is larger than any script a person writes is broken from its first line: the grammar's native
    parser is neither quick nor safe on it."""
    if len(text) > MAXIMUM_CHARACTERS:
        return Script((), (), (), frozenset(), (Span(path),))
    return _Reader(text, path).read()


@dataclass(frozen=True, slots=True)
class _Context:
    optional: bool = False
    piped: bool = False
    swallowed: bool = False
    writes: tuple[str, ...] = ()


class _Reader:
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
        )

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
            case "for_statement":
                variable = node.child_by_field_name("variable")
                if variable is not None:
                    self._set_names.add(self._text(variable))
            case "list":
                yield from self._list(node, context)
                return
            case "pipeline":
                *left, last = node.named_children
                yield from ((child, _Context(context.optional, True, context.swallowed)) for child in left)
                yield last, context
                return
            case "redirected_statement":
                writes = tuple(self._destinations(node))
                inner = _Context(context.optional, context.piped, context.swallowed, writes)
                yield from ((child, inner) for child in node.named_children)
                return
        if node.type in _BRANCHES:
            context = _Context(context.optional or self._asks(node), context.piped, context.swallowed)
        yield from ((child, context) for child in node.named_children)

    def _list(self, node: Node, context: _Context) -> Iterator[tuple[Node, _Context]]:
        operator = next((child.type for child in node.children if not child.is_named), "")
        left, right = node.named_children[0], node.named_children[-1]
        if operator == "||":
            gives_up = self._gives_up(right)
            swallowed = self._shrugs(right) or context.swallowed
            yield left, _Context(context.optional or not gives_up, context.piped, swallowed)
            yield right, _Context(True, context.piped, context.swallowed)
            return
        asks = any(word in self._end_of(left) for word in _ASKING)
        yield left, context
        yield right, _Context(context.optional or asks, context.piped, context.swallowed)

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
        words: list[str] = []
        for child in node.named_children:
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
            writes = (*self._destinations(node), *context.writes)
            found = Command(tuple(words), self._span(node), context.optional, context.piped, context.swallowed, writes)
            self._commands.append(found)

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

    def _destinations(self, node: Node) -> Iterator[str]:
        for child in node.named_children:
            if child.type == "file_redirect" and any(c.type in (">", ">>", "&>", ">|") for c in child.children):
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
_CONTINUATION = bytes(range(0x80, 0xC0))
_OPERATORS = frozenset({":-", "-", ":?", "?", ":+", "+", ":=", "="})
