"""What the names of a JavaScript module were imported as, which modules it needs and what it exports."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.syntax.javascript_tree import Tree, literal, named, unwrapped

_INTEROP = frozenset({"__importDefault", "__importStar", "_interopRequireDefault", "_interopRequireWildcard"})
_MAXIMUM_STEPS = 8


@dataclass(frozen=True, slots=True)
class Imported:
    """What a local name was imported as: `name` is "" for the module itself and for its default export."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The module and the name with a dot between."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Needed:
    """A module that a file names: by `import`, `export … from`, `require` or `import()`; `types` for types alone."""

    module: str
    node: Node
    types: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A name other modules can import: "" is the default export or `module.exports`, "*" all that `source` exports.

    `node` is the expression or declaration exported; `source` and `imported` tell the module it is taken from.
    """

    name: str
    at: Node
    node: Node | None = None
    source: str = ""
    imported: str = ""


def required(tree: Tree, node: Node | None) -> str | None:
    """Return the module of `require("…")` or `import("…")`; None where the expression is something else."""
    node = unwrapped(node)
    for _ in range(_MAXIMUM_STEPS):
        if node is None or node.type != "call_expression":
            return None
        called, given = node.child_by_field_name("function"), named(node.child_by_field_name("arguments"))
        name = tree.text(called) if called is not None and called.end_byte - called.start_byte < 30 else ""
        if name in ("require", "import") and given:
            return literal(tree, given[0])
        if name not in _INTEROP or not given:
            return None
        node = unwrapped(given[0])
    return None


def imports(tree: Tree) -> dict[str, Imported]:
    """Map the local names to what they were imported as."""
    found: dict[str, Imported] = {}
    for node in tree.of("import_statement"):
        source = literal(tree, node.child_by_field_name("source"))
        for child in node.named_children:
            if child.type == "import_clause" and source is not None:
                found.update(_clause(tree, child, source))
            elif child.type == "import_require_clause":
                own, inner = named(child)[0], literal(tree, child.child_by_field_name("source"))
                if inner is not None:
                    found[tree.text(own)] = Imported(inner, "")
    for node in tree.of("variable_declarator"):
        value = node.child_by_field_name("value")
        if value is None or b"(" not in tree.source[value.start_byte : value.end_byte]:
            continue
        steps: list[str] = []
        inner_value = unwrapped(value)
        while inner_value is not None and inner_value.type == "member_expression" and len(steps) < _MAXIMUM_STEPS:
            steps.insert(0, tree.text(inner_value.child_by_field_name("property")))
            inner_value = unwrapped(inner_value.child_by_field_name("object"))
        module = required(tree, inner_value)
        if module is not None:
            path = ".".join(step for step in steps if step != "default")
            found.update(_bound(tree, node.child_by_field_name("name"), Imported(module, path)))
    return found


def _clause(tree: Tree, clause: Node, source: str) -> Iterator[tuple[str, Imported]]:
    for child in clause.named_children:
        match child.type:
            case "identifier":
                yield tree.text(child), Imported(source, "")
            case "namespace_import":
                yield tree.text(named(child)[0]), Imported(source, "")
            case "named_imports":
                for item in child.named_children:
                    if item.type == "import_specifier":
                        name = _plain(tree, item.child_by_field_name("name"))
                        own = item.child_by_field_name("alias")
                        yield tree.text(own) if own is not None else name, Imported(source, name)


def _plain(tree: Tree, node: Node | None) -> str:
    text = literal(tree, node)
    text = tree.text(node) if text is None else text
    return "" if text == "default" else text


def _bound(tree: Tree, target: Node | None, value: Imported, depth: int = 0) -> Iterator[tuple[str, Imported]]:
    if target is None or depth > _MAXIMUM_STEPS:
        return
    if target.type == "identifier":
        yield tree.text(target), value
    elif target.type == "object_pattern":
        for child in target.named_children:
            own: Node | None
            if child.type == "shorthand_property_identifier_pattern":
                key, own = tree.text(child), child
            elif child.type == "pair_pattern":
                key, own = tree.text(child.child_by_field_name("key")), child.child_by_field_name("value")
            else:
                continue
            path = ".".join(part for part in (value.name, key) if part and part != "default")
            if own is not None and own.type == "shorthand_property_identifier_pattern":
                yield tree.text(own), Imported(value.module, path)
            else:
                yield from _bound(tree, own, Imported(value.module, path), depth + 1)


def needed(tree: Tree) -> Iterator[Needed]:
    """Yield the modules a file names, in order."""
    for node in tree.of("import_statement", "export_statement", "call_expression"):
        if node.type == "call_expression":
            called = node.child_by_field_name("function")
            if called is not None and called.end_byte - called.start_byte <= 7:
                module = required(tree, node)
                if module is not None:
                    yield Needed(module, node)
            continue
        source = node.child_by_field_name("source")
        clause = next((child for child in node.named_children if child.type == "import_require_clause"), None)
        module = literal(tree, source if clause is None else clause.child_by_field_name("source"))
        if module is not None:
            yield Needed(module, node, any(child.type == "type" for child in node.children))


def exports(tree: Tree) -> Iterator[Exported]:
    """Yield what other modules can import, in order."""
    for node in tree.of("export_statement", "assignment_expression"):
        if node.type == "assignment_expression":
            yield from _assigned(tree, node)
            continue
        source = literal(tree, node.child_by_field_name("source")) or ""
        declared, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        if any(child.type == "default" for child in node.children) or any(c.type == "=" for c in node.children):
            yield Exported("", node, value or declared or (named(node) or (None,))[-1])
        elif declared is not None:
            yield from _declared(tree, declared)
        for child in node.children:
            match child.type:
                case "*" if source:
                    yield Exported("*", node, source=source, imported="*")
                case "namespace_export":
                    yield Exported(tree.text(named(child)[0]), node, source=source)
                case "export_clause":
                    for item in child.named_children:
                        if item.type == "export_specifier":
                            inner = item.child_by_field_name("name")
                            alias = item.child_by_field_name("alias")
                            own = _plain(tree, alias if alias is not None else inner)
                            own_node = None if source else inner
                            yield Exported(own, item, own_node, source, _plain(tree, inner) if source else "")


def _declared(tree: Tree, declared: Node) -> Iterator[Exported]:
    name = declared.child_by_field_name("name")
    if name is not None:
        yield Exported(tree.text(name), declared, declared)
    for child in declared.named_children:
        if child.type == "variable_declarator":
            own = child.child_by_field_name("name")
            if own is not None and own.type == "identifier":
                yield Exported(tree.text(own), child, child.child_by_field_name("value"))


def _assigned(tree: Tree, node: Node) -> Iterator[Exported]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or left.type != "member_expression" or left.end_byte - left.start_byte > 200:
        return
    path = tree.text(left)
    if path == "module.exports":
        yield Exported("", node, right)
        if right is not None and right.type == "object":
            for child in right.named_children:
                if child.type == "shorthand_property_identifier":
                    yield Exported(tree.text(child), child, child)
                elif child.type == "pair":
                    key = child.child_by_field_name("key")
                    yield Exported(_plain(tree, key), child, child.child_by_field_name("value"))
    elif path.startswith(("module.exports.", "exports.")):
        name = path.removeprefix("module.").removeprefix("exports.")
        if "." not in name:
            yield Exported("" if name == "default" else name, node, right)
