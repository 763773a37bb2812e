"""JavaScript and TypeScript source: its nodes, its calls by the names they were imported as, its constants."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from tree_sitter import Node

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import javascript_imports
from roadworthy.syntax.javascript_imports import Exported, Imported, Needed
from roadworthy.syntax.javascript_tree import FUNCTIONS, WRAPPERS, Tree, captured, enclosing, literal, named, parsed
from roadworthy.syntax.problem import SyntaxProblem

SUFFIXES = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
MAXIMUM_CHARACTERS = 1_000_000
MAXIMUM_LINE = 10_000
MAXIMUM_CHAIN = 40
UNREADABLE = "not readable as JavaScript from here on; what follows is read as far as possible"
_SCOPES = ("statement_block", "program", "class_static_block", "switch_body", "for_statement", "for_in_statement")
_MADE = re.compile(r"@generated|auto-?generated|do not (edit|modify)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """A call or `new`: `name` is the dotted name of what is called, `arguments` are its arguments without comments."""

    node: Node
    name: str
    arguments: tuple[Node, ...]

    @property
    def method(self) -> str:
        """The part of the name behind the last dot."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Binding:
    """A name declared once: `value` is what it is bound to, `path` the members taken of that by destructuring.

    `default` is that of the pattern (`{a = 1}`); `constant` tells that nothing is assigned to the name later.
    """

    name: str
    at: Node
    value: Node | None
    path: tuple[str, ...] = ()
    default: Node | None = None
    constant: bool = True


@dataclass(eq=False)
class Module:
    """One parsed file. What several readers ask of it is found out once. `following` are the expressions whose value is
    being looked up, so that none is looked up to find itself."""

    path: str
    tree: Tree
    following: set[int] = field(default_factory=set)
    _scopes: dict[str, list[tuple[int, int, Binding]]] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Node]:
        """Return the nodes of these kinds, in order; kinds the grammar does not know have none."""
        return self.tree.of(*kinds)

    def below(self, node: Node, *kinds: str) -> list[Node]:
        """Return the nodes of these kinds at and below a node, in order."""
        found = captured(self.tree.language, kinds, node)
        if len(kinds) == 1:
            return found[kinds[0]]
        return sorted((item for items in found.values() for item in items), key=lambda item: item.start_byte)

    def text(self, node: Node | None) -> str:
        """Return the text of a node; "" for none."""
        return self.tree.text(node)

    def span(self, node: Node) -> Span:
        """Return the place of a node."""
        return self.tree.span(node)

    @property
    def broken(self) -> tuple[Span, ...]:
        """The first places the grammar could not read."""
        return self.tree.broken

    @cached_property
    def imports(self) -> dict[str, Imported]:
        """Map the local names to what they were imported as."""
        return javascript_imports.imports(self.tree)

    @cached_property
    def needed(self) -> tuple[Needed, ...]:
        """Return the modules the file names."""
        return tuple(javascript_imports.needed(self.tree))

    @cached_property
    def exports(self) -> tuple[Exported, ...]:
        """Return what other modules can import."""
        return tuple(javascript_imports.exports(self.tree))

    @cached_property
    def calls(self) -> list[Call]:
        """Return every call and `new`, in order."""
        found = []
        for node in self.of("call_expression", "new_expression"):
            called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
            given = node.child_by_field_name("arguments")
            # The argument of a tagged template is no list.
            arguments = named(given) if given is not None and given.type == "arguments" else ()
            found.append(Call(node, self.dotted(called), arguments))
        return found

    def call(self, node: Node | None) -> Call | None:
        """Return an expression as a call; None where it is none."""
        if node is None or node.type not in ("call_expression", "new_expression"):
            return None
        called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        given = node.child_by_field_name("arguments")
        arguments = named(given) if given is not None and given.type == "arguments" else ()
        return Call(node, self.dotted(called), arguments)

    def dotted(self, node: Node | None) -> str:
        """Return the dotted name of an expression with its imports resolved; "" where it is not a name.

        `require("a").b` is "a.b"; a call in a chain is written `()`: `env.get("A").required()` calls
        "env-var.get().required".
        """
        parts: list[str] = []
        for _ in range(MAXIMUM_CHAIN):
            if node is None:
                return ""
            match node.type:
                case "identifier" | "this" | "super":
                    text = self.text(node)
                    imported = self.imports.get(text)
                    return "".join([imported.dotted if imported else text, *reversed(parts)])
                case "member_expression":
                    parts.append("." + self.text(node.child_by_field_name("property")))
                    node = node.child_by_field_name("object")
                case "subscript_expression":
                    key = literal(self.tree, node.child_by_field_name("index"))
                    if key is None:
                        return ""
                    parts.append("." + key)
                    node = node.child_by_field_name("object")
                case "call_expression" | "new_expression":
                    module = javascript_imports.required(self.tree, node)
                    if module is not None:
                        return "".join([module, *reversed(parts)])
                    parts.append("()")
                    node = node.child_by_field_name("function") or node.child_by_field_name("constructor")
                case kind if kind in WRAPPERS:
                    children = named(node)
                    node = (children[-1] if kind == "type_assertion" else children[0]) if children else None
                case "import" | "meta_property":
                    return "".join([self.text(node), *reversed(parts)])
                case _:
                    return ""
        return ""

    @cached_property
    def _bindings(self) -> dict[str, list[Binding]]:
        found: dict[str, list[Binding]] = defaultdict(list)
        for node in self.of("variable_declarator"):
            target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            for binding in self.destructured(target, value):
                found[binding.name].append(binding)
        for node in self.of("function_declaration", "class_declaration", "enum_declaration"):
            name = self.text(node.child_by_field_name("name"))
            found[name].append(Binding(name, node, node))
        return found

    @cached_property
    def _assigned(self) -> frozenset[str]:
        """Return the names something is assigned to after their declaration."""
        targets = [node.child_by_field_name("left") for node in self.of("assignment_expression")]
        targets += [node.child_by_field_name("left") for node in self.of("augmented_assignment_expression")]
        return frozenset(self.text(node) for node in targets if node is not None and node.type == "identifier")

    @cached_property
    def _parameters(self) -> dict[str, list[Node]]:
        """Map the names of parameters to the functions that have them."""
        found: dict[str, list[Node]] = defaultdict(list)
        for function in self.of(*FUNCTIONS):
            single = function.child_by_field_name("parameter")
            listed = function.child_by_field_name("parameters")
            top = single if single is not None else listed
            if top is None:
                continue
            for node in self.below(top, "identifier", "shorthand_property_identifier_pattern"):
                found[self.text(node)].append(function)
        return found

    def destructured(
        self, target: Node | None, value: Node | None, path: tuple[str, ...] = (), default: Node | None = None
    ) -> list[Binding]:
        """Return the names a pattern binds, `const {a, b: {c = 1}} = value`."""
        if target is None or len(path) > 4:
            return []
        if target.type in ("identifier", "shorthand_property_identifier_pattern"):
            name = self.text(target)
            return [Binding(name, target, value, path, default, name not in self._assigned)]
        found: list[Binding] = []
        for child in target.named_children if target.type == "object_pattern" else ():
            key, inner, own_default = child, child, None
            if child.type == "pair_pattern":
                key, inner = child.child_by_field_name("key") or child, child.child_by_field_name("value") or child
            if inner.type in ("object_assignment_pattern", "assignment_pattern"):
                own_default = inner.child_by_field_name("right")
                inner = inner.child_by_field_name("left") or inner
                key = inner if child.type == "object_assignment_pattern" else key
            plain = literal(self.tree, key)
            name = self.text(key) if plain is None else plain
            if inner.type in ("identifier", "shorthand_property_identifier_pattern", "object_pattern"):
                found += self.destructured(inner, value, (*path, name), own_default)
        return found

    def bindings(self, name: str) -> list[Binding]:
        """Return the declarations of a name anywhere in the file, without parameters."""
        return self._bindings.get(name, [])

    def lookup(self, node: Node) -> Binding | None:
        """Return the declaration an identifier means; None for parameters, imports and what is not declared here."""
        name = self.text(node)
        start, end = node.start_byte, node.end_byte
        around = [
            (last - first, binding) for first, last, binding in self._scoped(name) if first <= start and end <= last
        ]
        if not around:
            return None
        size, found = min(around, key=lambda item: item[0])
        for function in self._parameters.get(name, []):
            first, last = function.start_byte, function.end_byte
            if first <= start and end <= last and last - first < size:
                return None
        return found

    def _scoped(self, name: str) -> list[tuple[int, int, Binding]]:
        """Return the declarations of a name, each with the first and last byte of where it counts."""
        if name not in self._scopes:
            found = [(self._scope(binding.at), binding) for binding in self.bindings(name)]
            self._scopes[name] = [(scope.start_byte, scope.end_byte, binding) for scope, binding in found]
        return self._scopes[name]

    def _scope(self, at: Node) -> Node:
        return next(enclosing(at, *_SCOPES), self.tree.root)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript but those that declare types alone."""
    return path.endswith(SUFFIXES) and not path.endswith((".d.ts", ".d.mts", ".d.cts"))


@lru_cache(maxsize=8)
def is_generated(file: SourceFile) -> bool:
    """Tell whether a file is no source but the output of a minifier, bundler or generator."""
    text = file.text
    if len(text) < MAXIMUM_LINE:
        return False
    if max(map(len, text.split("\n")), default=0) > MAXIMUM_LINE:
        return True
    return len(text) > MAXIMUM_CHARACTERS // 5 and _MADE.search(text, 0, 1000) is not None


@lru_cache(maxsize=8)
def module(file: SourceFile) -> Module:
    """Parse a file; raise SyntaxProblem where nothing can be made of it."""
    if len(file.text) > MAXIMUM_CHARACTERS:
        raise SyntaxProblem(f"too large to read as JavaScript (the limit is {MAXIMUM_CHARACTERS:,} characters)")
    typed = file.suffix in (".ts", ".mts", ".cts")
    language = "typescript" if typed else "tsx" if file.suffix == ".tsx" else "javascript"
    tree = parsed(file.path, file.text, language)
    if language == "javascript" and tree.root.has_error:
        # Flow's annotations are near enough to those of TypeScript.
        second = parsed(file.path, file.text, "tsx")
        tree = tree if second.root.has_error else second
    return Module(file.path, tree)
