"""Trees of JavaScript and TypeScript as tree-sitter makes them, with places in code points.

The grammars recover from what they do not know, so that a file is read as far as it can be; `Tree.broken` tells where
they had to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from roadworthy.model.place import Span

# Below this depth a query leaves nodes out: nobody writes that deep, and its time is the square of it.
MAXIMUM_DEPTH = 300
MAXIMUM_BROKEN = 20
_LANGUAGES = {
    "javascript": Language(tree_sitter_javascript.language()),
    "typescript": Language(tree_sitter_typescript.language_typescript()),
    "tsx": Language(tree_sitter_typescript.language_tsx()),
}
# The kinds nearly every reader asks for, found in one pass.
_COMMON = (
    *("call_expression", "new_expression", "import_statement", "export_statement", "variable_declarator"),
    *("assignment_expression", "augmented_assignment_expression", "decorator", "class_declaration", "enum_declaration"),
    *("function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function"),
    *("generator_function_declaration", "member_expression", "subscript_expression", "public_field_definition"),
    *("return_statement", "if_statement", "try_statement", "ternary_expression", "binary_expression", "array"),
    *("while_statement", "switch_statement", "throw_statement"),
)
WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "await_expression"}
    | {"type_assertion"}
)
FUNCTIONS = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function"}
    | {"generator_function_declaration"}
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


@dataclass(eq=False)
class Tree:
    """One parsed file; nodes of a kind are looked for once."""

    path: str
    source: bytes
    root: Node
    language: str
    lines: list[bytes]
    _found: dict[str, list[Node]] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Node]:
        """Return the nodes of these kinds, in order; kinds the grammar does not know have none."""
        if len(kinds) == 1:
            return self._of(kinds[0])
        found = list(chain.from_iterable(self._of(kind) for kind in kinds))
        return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))

    def _of(self, kind: str) -> list[Node]:
        if not self._found:
            self._found.update(captured(self.language, _COMMON, self.root))
        if kind not in self._found:
            self._found.update(captured(self.language, (kind,), self.root))
        return self._found[kind]

    @cached_property
    def broken(self) -> tuple[Span, ...]:
        """Return the first places the grammar could not read; a single token that it had to add is none."""
        if not self.root.has_error:
            return ()
        return tuple(self.span(node) for node in self._of("ERROR")[:MAXIMUM_BROKEN])

    def text(self, node: Node | None) -> str:
        """Return the text of a node; "" for none."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace") if node is not None else ""

    def span(self, node: Node) -> Span:
        """Return the place of a node."""
        row, column = node.start_point
        end_row, end_column = node.end_point
        if end_column == 0 and end_row > row:
            end_row -= 1
            end_column = len(self.lines[end_row])
        start = self._column(row, column) + 1
        return Span(self.path, row + 1, start, end_row + 1, max(self._column(end_row, end_column), 1))

    def _column(self, row: int, offset: int) -> int:
        line = self.lines[row] if row < len(self.lines) else b""
        return offset if line.isascii() else len(line[:offset].decode(errors="replace"))


def parsed(path: str, text: str, language: str) -> Tree:
    """Parse a text as "javascript", "typescript" or "tsx"."""
    source = text.encode()
    root = Parser(_LANGUAGES[language]).parse(source).root_node
    return Tree(path, source, root, language, source.split(b"\n"))


@lru_cache(maxsize=256)
def _query(language: str, kinds: tuple[str, ...]) -> Query | None:
    grammar = _LANGUAGES[language]
    known = [kind for kind in kinds if kind == "ERROR" or grammar.id_for_node_kind(kind, True) is not None]
    return Query(grammar, "\n".join(f"({kind}) @{kind}" for kind in known)) if known else None


def captured(language: str, kinds: tuple[str, ...], top: Node) -> dict[str, list[Node]]:
    """Return the nodes of each kind at and below a node, in order."""
    found: dict[str, list[Node]] = {kind: [] for kind in kinds}
    query = _query(language, kinds)
    if query is not None:
        cursor = QueryCursor(query)
        cursor.set_max_start_depth(MAXIMUM_DEPTH)
        # The library hands them over as they lie in a set: in an order that changes from run to run.
        for kind, nodes in cursor.captures(top).items():
            found[kind] = sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))
    return found


def named(node: Node | None) -> tuple[Node, ...]:
    """Return the children that have a name in the grammar, without comments."""
    return tuple(child for child in node.named_children if child.type != "comment") if node is not None else ()


def unwrapped(node: Node | None) -> Node | None:
    """Return an expression without parentheses, `as T`, `!` and `await` around it."""
    while node is not None and node.type in WRAPPERS:
        children = named(node)
        node = (children[-1] if node.type == "type_assertion" else children[0]) if children else None
    return node


def enclosing(node: Node, *kinds: str) -> Iterator[Node]:
    """Yield the nodes of these kinds around a node, the innermost first; those of every kind where none is named."""
    above = node.parent
    while above is not None:
        if not kinds or above.type in kinds:
            yield above
        above = above.parent


def literal(tree: Tree, node: Node | None) -> str | None:
    """Return the text of a plain string or of a template without fields; None for anything else."""
    if node is None or node.type not in ("string", "template_string"):
        return None
    pieces: list[str] = []
    for child in node.named_children:
        match child.type:
            case "string_fragment" | "html_character_reference":
                pieces.append(tree.text(child))
            case "escape_sequence":
                pieces.append(escaped(tree.text(child)))
            case "template_substitution":
                return None
    return "".join(pieces)


def escaped(sequence: str) -> str:
    r"""Return the character an escape sequence (`\n`, `\x41`, `\u{1F600}`) stands for."""
    body = sequence[1:]
    if body in _ESCAPES:
        return _ESCAPES[body]
    if body[:1] in ("x", "u") and len(body) > 1:
        try:
            return chr(int(body[1:].strip("{}"), 16))
        except (ValueError, OverflowError):
            return sequence
    return body
