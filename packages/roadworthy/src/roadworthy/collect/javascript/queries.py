"""Queries of JavaScript handlers that ask row by row, or for all rows there are; clients that are made for each request."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call
from roadworthy.syntax.javascript_browser import in_browser, is_tool
from roadworthy.syntax.javascript_tree import FUNCTIONS

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "all"})
_ROW = frozenset(
    {"findUnique", "findFirst", "findUniqueOrThrow", "findFirstOrThrow", "findByPk", "findOne", "findById"}
)
_CLIENTS = frozenset(
    {"pg.Client", "@prisma/client.PrismaClient", "mysql2.createConnection", "mysql2/promise.createConnection"}
)
_MAXIMUM = 60


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript without elements of pages."""
    return javascript.wants(path) and not path.endswith((".tsx", ".jsx"))


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server that asks a database."""
    if file.role is not FileRole.PROD or is_tool(file.path):
        return False
    words = ("find", "pg", "PrismaClient", "createConnection", "query(")
    return any(word in file.text for word in words) and not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what is wrong with the queries of each handler."""
    module = javascript.module(file)
    reader = _Reader(file, module)
    calls = [c for c in module.calls if c.method in _ROW or c.method in ("findMany", "query") or c.name in _CLIENTS]
    for call in module.calls if calls else ():
        if call.method in _VERBS and len(call.arguments) > 1 and "." in call.name:
            path = values.string(module, call.arguments[0])
            if path is not None and path.startswith("/"):
                inside = [c for c in calls if _within(c.node, call.arguments[-1])]
                yield from reader.handler(call, path, inside)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: javascript.Module

    def _symbol(self, name: str, node: Node, kind: str, says: str) -> Symbol:
        detail = Construct(kind, False, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def handler(self, route: Call, path: str, inside: list[Call]) -> Iterator[Symbol]:
        """Yield what one handler does."""
        shown = f"{route.method.upper()} {path}"
        for call in inside[:_MAXIMUM]:
            if call.name in _CLIENTS:
                says = f"`{shown}` makes a client of its own for each request"
                yield self._symbol(call.name, call.node, "missing-pool", says)
            elif self._is_looped(call, route):
                yield self._symbol(
                    shown, call.node, "looped-query", f"`{shown}` asks the database once for each of them"
                )
            elif call.method == "findMany" and route.method == "get" and ":" not in path and self._is_unbounded(call):
                yield self._symbol(shown, call.node, "unpaged-query", f"`{shown}` returns all rows that there are")

    def _is_looped(self, call: Call, route: Call) -> bool:
        selects = call.method in _ROW
        if call.method == "query" and call.arguments:
            selects = (values.string(self.module, call.arguments[0]) or "").lstrip()[:6].upper() == "SELECT"
        outer = call.node.parent
        while selects and outer is not None and outer.id != route.node.id:
            if outer.type in FUNCTIONS:
                return False
            if outer.type == "for_in_statement":
                body, left = outer.child_by_field_name("body"), outer.child_by_field_name("left")
                name = self.module.text(left)
                given = " ".join(self.module.text(argument) for argument in call.arguments)
                return body is not None and _within(call.node, body) and bool(name) and name.strip("[]{} ") in given
            outer = outer.parent
        return False

    def _is_unbounded(self, call: Call) -> bool:
        if not call.arguments:
            return True
        given = values.options(self.module, call.arguments[0])
        if not given or values.is_open(self.module, call.arguments[0]):
            return False
        return not {"take", "cursor", "distinct"} & set(given)


def _within(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
