"""Pools of database connections that JavaScript code keeps, and lengths of time after which it gives up."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.pool import PoolSet, TimeBound
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript, javascript_numbers
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call

PROVIDES = frozenset({Kind.CONSTRUCT, Kind.SETTING})

_WORDS = ("Pool", "knex", "equelize", "imeout", "connectionLimit", "createPool", "DataSource")
# Each pool: the path to its option, and the size without it.
_POOLS: dict[str, tuple[tuple[str, ...], int]] = {
    "pg.Pool": (("max",), 10),
    "mysql2.createPool": (("connectionLimit",), 10),
    "mysql2/promise.createPool": (("connectionLimit",), 10),
    "mysql.createPool": (("connectionLimit",), 10),
    "knex": (("pool", "max"), 10),
    "knex.knex": (("pool", "max"), 10),
    "sequelize.Sequelize": (("pool", "max"), 5),
    "postgres": (("max",), 10),
    "typeorm.DataSource": (("extra", "max"), 10),
}


def wants(path: str) -> bool:
    """Every JavaScript or TypeScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that pools and timeouts go by."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every pool and every bound of time."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    reader = _Reader(file, module)
    for call in module.calls:
        if call.name in _POOLS:
            yield from reader.pool(call)
        elif call.name in ("axios.create", "axios.get", "axios.post", "axios.put", "axios", "AbortSignal.timeout"):
            yield from reader.client(call)
    for node in module.of("assignment_expression"):
        yield from reader.assigned(node)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: javascript.Module

    def _symbol(self, kind: Kind, name: str, node: Node, detail: Detail) -> Symbol:
        return Symbol(kind, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail)

    def pool(self, call: Call) -> Iterator[Symbol]:
        """Yield how many connections one process may hold, and how long a query may take."""
        path, size = _POOLS[call.name]
        objects = [argument for argument in call.arguments if values.options(self.module, argument)]
        holder = objects[-1] if objects else None
        node: Node | None = holder
        for key in path:
            node = values.options(self.module, node).get(key) if node is not None else None
        hidden = bool(call.arguments) and holder is None and call.name != "postgres"
        number, variable = javascript_numbers.number(self.module, node) if node is not None else (None, "")
        if node is None and not hidden:
            number = float(size)
        detail = PoolSet(int(number) if number is not None else None, 0, (variable, ""), node is None and not hidden)
        yield self._symbol(Kind.CONSTRUCT, call.name, node or call.node, detail)
        given = values.options(self.module, holder) if holder is not None else {}
        for option in ("statement_timeout", "query_timeout"):
            number, _ = javascript_numbers.number(self.module, given.get(option))
            if number:
                detail_time = TimeBound("statement", number / 1000)
                yield self._symbol(Kind.SETTING, option, given[option], detail_time)

    def client(self, call: Call) -> Iterator[Symbol]:
        """Yield how long a call of another service is waited for."""
        if call.name == "AbortSignal.timeout":
            node: Node | None = call.arguments[0] if call.arguments else None
        else:
            given = [values.options(self.module, argument).get("timeout") for argument in call.arguments]
            node = next((found for found in given if found is not None), None)
        number, _ = javascript_numbers.number(self.module, node)
        if number and node is not None:
            yield self._symbol(Kind.SETTING, f"{call.name} timeout", node, TimeBound("client", number / 1000))

    def assigned(self, node: Node) -> Iterator[Symbol]:
        """Yield the bounds that are set on a server."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        name = self.module.text(left).rpartition(".")[2]
        layer = {"keepAliveTimeout": "keep-alive", "requestTimeout": "request"}.get(name)
        if layer and right is not None:
            number, _ = javascript_numbers.number(self.module, right)
            if number:
                yield self._symbol(Kind.SETTING, name, right, TimeBound(layer, number / 1000))
