"""Queries of Python handlers that ask row by row, or for all rows there are; connections that are opened for each request."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
_ASKING = frozenset({"execute", "scalar", "scalars", "fetch", "fetchrow", "fetchval", "get", "one", "exec"})
_STORES = re.compile(r"(?:^|\.|_)(?:session|db|conn|connection|cursor|pool|database)$", re.IGNORECASE)
_BOUNDING = frozenset(
    """
    limit fetch slice paginate first one one_or_none scalar_one scalar_one_or_none fetchmany yield_per group_by get
    """.split()
)
_WHOLE = frozenset({"all", "scalars"})
_PAGED = re.compile(r"paginat|Page\b|page_size|per_page|cursor")
_OPENED = frozenset(
    {"psycopg.connect", "psycopg2.connect", "asyncpg.connect", "pymysql.connect", "aiomysql.connect", "MySQLdb.connect"}
    | {
        "psycopg.AsyncConnection.connect",
        "psycopg.Connection.connect",
        "mysql.connector.connect",
        "pymongo.MongoClient",
    }
)
_ENGINES = frozenset(
    {"sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine", "sqlmodel.create_engine"}
)
_ASIDE = re.compile(
    r"(?:^|/)(?:migrations?|alembic|management|scripts?|worker|tasks?|celery\w*|lambda\w*|env)(?:/|\.py$)"
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module of the product that asks a database."""
    words = (
        "execute(",
        "select(",
        ".query(",
        "objects.",
        "connect(",
        "NullPool",
        "CONN_MAX_AGE",
        "fetch",
        "MongoClient",
    )
    return file.role is FileRole.PROD and not _ASIDE.search(file.path) and any(word in file.text for word in words)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what is wrong with the queries of each handler, and with the pools of the module."""
    reader = _Reader(file, python.module(file))
    for function in reader.module.functions:
        if path := _route(function):
            yield from reader.looped(function)
            yield from reader.unpaged(function, path)
            yield from reader.opened(function)
    yield from reader.pooled()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, name: str, at: ast.expr | ast.stmt, kind: str, says: str) -> Symbol:
        place = self.module.span(at)
        detail = Construct(kind, False, says)
        return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), place, role=self.file.role, detail=detail)

    def looped(self, function: python.Function) -> Iterator[Symbol]:
        """Yield a query in a loop that asks for one of the things the loop goes over."""
        for loop in self.module.below(function):
            if not isinstance(loop, ast.For | ast.AsyncFor) or _is_portioned(loop):
                continue
            names = {node.id for node in walk(loop.target) if isinstance(node, ast.Name)}
            for call in (n for statement in loop.body for n in walk(statement) if isinstance(n, ast.Call)):
                used = {
                    n.id
                    for a in (*call.args, *(k.value for k in call.keywords))
                    for n in walk(a)
                    if isinstance(n, ast.Name)
                }
                if used & names and self._asks(call):
                    says = f"`{function.name}` asks the database once for each `{', '.join(sorted(names))}`"
                    yield self._symbol(function.name, call, "looped-query", says)
                    return

    def _asks(self, call: ast.Call) -> bool:
        if not isinstance(call.func, ast.Attribute):
            return False
        holder = self.module.dotted(call.func.value)
        if call.func.attr in ("get", "filter", "count", "first", "exists") and holder.endswith(".objects"):
            return True
        if call.func.attr not in _ASKING or not _STORES.search(holder) or not call.args:
            return False
        first = call.args[0]
        names = {self.module.dotted(n.func).rpartition(".")[2] for n in walk(first) if isinstance(n, ast.Call)}
        texts = [n.value for n in walk(first) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        selects = "select" in names or any(text.lstrip()[:6].upper() == "SELECT" for text in texts)
        return selects or (call.func.attr == "get" and len(call.args) >= 2)

    def unpaged(self, function: python.Function, path: str) -> Iterator[Symbol]:
        """Yield a handler that lists rows and bounds their number nowhere."""
        if "{" in path or "<" in path or not _gets(function):
            return
        nodes = [node for statement in function.body for node in walk(statement)]
        called = {n.func.attr for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
        named = {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        selects = "select" in named or "query" in called
        if (
            not selects
            or not called & _WHOLE
            or called & _BOUNDING
            or "func" in {n.id for n in nodes if isinstance(n, ast.Name)}
        ):
            return
        if _PAGED.search(ast.unparse(function)[:6000]) or {"islice", "exists"} & named:
            return
        at = next(
            n for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in _WHOLE
        )
        yield self._symbol(function.name, at, "unpaged-query", f"`{function.name}` returns all rows that there are")

    def opened(self, function: python.Function) -> Iterator[Symbol]:
        """Yield a connection that a handler opens for itself."""
        for node in self.module.below(function):
            if isinstance(node, ast.Call) and self.module.dotted(node.func) in _OPENED:
                says = f"`{function.name}` opens a connection of its own for each request"
                yield self._symbol(self.module.dotted(node.func), node, "missing-pool", says)
                return

    def pooled(self) -> Iterator[Symbol]:
        """Yield an engine without a pool, and Django's connections that end with the request, where that is asked for."""
        if "pgbouncer" in self.file.text.lower() or "pooler" in self.file.text.lower():
            return
        for call, dotted in self.module.calls:
            given = next((k.value for k in call.keywords if k.arg == "poolclass"), None)
            if dotted in _ENGINES and given is not None and self.module.dotted(given).endswith("NullPool"):
                says = "every use of this engine opens a connection and closes it again"
                yield self._symbol("NullPool", given, "missing-pool", says)
        for node in self.module.of(ast.Assign):
            match node:
                case ast.Assign(
                    targets=[ast.Subscript(slice=ast.Constant(value="CONN_MAX_AGE"))], value=ast.Constant(value=0)
                ):
                    yield self._symbol(
                        "CONN_MAX_AGE", node, "missing-pool", "every request opens a connection of its own"
                    )
        databases = self.module.constants.get("DATABASES")
        for inner in walk(databases) if databases is not None else ():
            match inner:
                case ast.Dict(keys=keys, values=given_values):
                    for key, value in zip(keys, given_values, strict=True):
                        match key, value:
                            case ast.Constant(value="CONN_MAX_AGE"), ast.Constant(value=0):
                                says = "every request opens a connection of its own"
                                yield self._symbol("CONN_MAX_AGE", value, "missing-pool", says)


def _route(function: python.Function) -> str:
    """Return the path a function is hung on, "/" for a view of Django's, "" for no handler."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr=verb), args=[ast.Constant(value=str(path)), *_]) if verb in _VERBS:
                return path or "/"
    if any("task" in ast.unparse(decorator) for decorator in function.decorator_list):
        return ""
    first = next(iter(function.args.args), None)
    return "/{}" if first is not None and first.arg == "request" else ""


def _gets(function: python.Function) -> bool:
    return any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute) and d.func.attr == "get"
        for d in function.decorator_list
    )


def _is_portioned(loop: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop goes over portions or attempts rather than over things."""
    names = {node.id for node in walk(loop.target) if isinstance(node, ast.Name)}
    over = ast.unparse(loop.iter)
    return bool(names & {"batch", "chunk", "page", "offset", "attempt", "_"}) or "range(" in over or "chunk" in over
