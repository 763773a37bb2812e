"""Walks over Python's own trees, in the order of `ast.walk` and several times faster.

Operators and contexts (`Load`, `Store`) are left out: they are the same few objects everywhere and have no place.
"""

import ast

_WITHOUT_NODES = frozenset(
    "arg asname attr conversion ctx id is_async kind level lineno module op ops simple tag type_comment".split()
)


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of each class of node that may hold nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        found = () if kind is ast.Constant else tuple(name for name in kind._fields if name not in _WITHOUT_NODES)
        self[kind] = found
        return found


_FIELDS = _Fields()


def walk(top: ast.AST) -> list[ast.AST]:
    """Return a node and all below it, breadth first."""
    found = [top]
    append, known = found.append, _FIELDS
    # The body of `_extend` once more: a call for each node takes as long as the work.
    for node in found:
        for name in known[type(node)]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        append(item)
            elif isinstance(value, ast.AST):
                append(value)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly below a node."""
    found: list[ast.AST] = []
    _extend(found, node)
    return found


def _extend(found: list[ast.AST], node: ast.AST) -> None:
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    found.append(item)  # noqa: PERF401 - a list of its own for each field takes longer
        elif isinstance(value, ast.AST):
            found.append(value)
