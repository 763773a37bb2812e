"""Pools of database connections that Python code keeps, and lengths of time after which it gives up."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.pool import NumberSet, PoolSet, TimeBound
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT, Kind.SETTING})

_WORDS = ("pool", "Pool", "create_engine", "create_async_engine", "timeout", "CONN_MAX_AGE", "workers")
# Each pool: its option for the size and for what goes beyond it, and the defaults of both.
_POOLS: dict[str, tuple[str, str, int | None, int]] = {
    "sqlalchemy.create_engine": ("pool_size", "max_overflow", 5, 10),
    "sqlalchemy.ext.asyncio.create_async_engine": ("pool_size", "max_overflow", 5, 10),
    "sqlmodel.create_engine": ("pool_size", "max_overflow", 5, 10),
    "asyncpg.create_pool": ("max_size", "", 10, 0),
    "psycopg_pool.ConnectionPool": ("max_size", "", 4, 0),
    "psycopg_pool.AsyncConnectionPool": ("max_size", "", 4, 0),
    "psycopg2.pool.ThreadedConnectionPool": ("maxconn", "", None, 0),
    "psycopg2.pool.SimpleConnectionPool": ("maxconn", "", None, 0),
    "aiomysql.create_pool": ("maxsize", "", 10, 0),
    "databases.Database": ("max_size", "", None, 0),
}
_POSITIONS = {"maxconn": 1, "max_size": 2}
_CLIENTS = re.compile(
    r"(httpx|requests|aiohttp)\.(AsyncClient|Client|get|post|put|patch|delete|request|ClientTimeout|Timeout)"
)
_STATEMENT = re.compile(r"statement_timeout\s*(?:=|TO|:)?\s*['\"]?(\d{1,9})\s*(ms|s|min)?", re.IGNORECASE)
_UNITS = {"": 0.001, "ms": 0.001, "s": 1.0, "min": 60.0}
_FIELD = re.compile(r"pool|overflow|max_conn|connections", re.IGNORECASE)
_DEADLINES = frozenset(
    {"asyncio.wait_for", "asyncio.timeout", "async_timeout.timeout", "anyio.fail_after", "anyio.move_on_after"}
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that pools and timeouts go by; Alembic's environment runs before the service, not in it."""
    if file.path.endswith("/env.py") and "run_migrations(" in file.text:
        return False
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every pool and every bound of time."""
    reader = _Reader(file, python.module(file))
    for call, called in reader.module.calls:
        if called in _POOLS:
            yield from reader.pool(call, called)
        elif _CLIENTS.fullmatch(called):
            yield from reader.client(call, called)
        elif called in _DEADLINES:
            yield from reader.deadline(call, called)
    yield from reader.statements()
    yield from reader.settings()
    yield from reader.fields()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, kind: Kind, name: str, at: Span, detail: Detail) -> Symbol:
        return Symbol(kind, Action.DEFINES, Exact(name), at, role=self.file.role, detail=detail)

    def number(self, node: ast.expr | None, depth: int = 0) -> tuple[float | None, str]:
        """Return the number an expression comes to, and the variable that can change it."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < 1e12:
                return float(value), ""
            case ast.Constant(value=str(text)) if text.isdecimal() and len(text) < 13:
                return float(text), ""
            case ast.Call(func=ast.Name(id="int" | "float"), args=[inner]) if depth < 6:
                return self.number(inner, depth + 1)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *rest]) if self.module.dotted(func) in (
                "os.getenv",
                "os.environ.get",
                "environ.get",
            ):
                return (self.number(rest[0], depth + 1)[0] if rest else None), name
            case ast.Name(id=name) if name in self.module.constants and depth < 6:
                return self.number(self.module.constants[name], depth + 1)
            case ast.Name(id=name) if name not in self.module.constants:
                # A parameter: as a rule it is called like the field it comes from, or there is one such field.
                return None, name.upper() if _FIELD.search(name) else "*"
            case ast.Attribute(attr=name):
                # A field of a settings object: the variable has its name.
                return None, name.upper()
        return None, ""

    def pool(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield how many connections one process may hold."""
        size_name, more_name, size, more = _POOLS[called]
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        hidden = None in given
        text = ast.unparse(call)
        if "NullPool" in text or "StaticPool" in text or "sqlite" in text:
            return
        node = given.get(size_name)
        place = _POSITIONS.get(size_name)
        if node is None and place is not None and len(call.args) > place and "psycopg" in called:
            node = call.args[place]
        number, variable = self.number(node) if node is not None else (None if hidden else size, "")
        if node is None and size_name == "max_size" and not hidden and "min_size" in given and "psycopg" in called:
            number, variable = self.number(given["min_size"])
        beyond, other = self.number(given[more_name]) if more_name in given else (None if hidden else more, "")
        detail = PoolSet(
            int(number) if number is not None else None,
            int(beyond) if beyond is not None else None,
            (variable, other),
            node is None and not hidden,
        )
        at = self.module.span(node) if node is not None else self.module.span(call.func)
        yield self._symbol(Kind.CONSTRUCT, called.rpartition(".")[2], at, detail)

    def client(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield how long a call of another service is waited for."""
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        node = given.get("timeout", given.get("total", given.get("read")))
        if node is None and called.endswith("Timeout") and call.args:
            node = call.args[0]
        number, _ = self.number(node)
        if number is not None and node is not None and number > 0:
            yield self._symbol(Kind.SETTING, called, self.module.span(node), TimeBound("client", number))

    def deadline(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield the deadline that a middleware sets for answers."""
        inside = self.module.around.get(call)
        node = call.args[-1] if call.args else None
        for keyword in call.keywords:
            node = keyword.value if keyword.arg in ("timeout", "delay") else node
        number, _ = self.number(node)
        text = ast.unparse(call)
        awaited = "call_next" in text or (inside is not None and "call_next" in {a.arg for a in inside.args.args})
        if number is not None and node is not None and awaited:
            yield self._symbol(Kind.SETTING, called, self.module.span(node), TimeBound("request", number))

    def statements(self) -> Iterator[Symbol]:
        """Yield after which time the database gives a query up."""
        if "statement_timeout" not in self.file.text and "command_timeout" not in self.file.text:
            return
        for node in self.module.of(ast.Constant):
            if isinstance(node.value, str) and (match := _STATEMENT.search(node.value)) and len(node.value) < 2000:
                seconds = int(match[1]) * _UNITS[(match[2] or "").lower()]
                if seconds > 0:
                    yield self._symbol(
                        Kind.SETTING, "statement_timeout", self.module.span(node), TimeBound("statement", seconds)
                    )
        for holder in self.module.of(ast.Dict):
            for key, value in zip(holder.keys, holder.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("statement_timeout", "command_timeout"):
                    number, _ = self.number(value)
                    unit = 0.001 if key.value == "statement_timeout" else 1.0
                    if number:
                        detail = TimeBound("statement", number * unit)
                        yield self._symbol(Kind.SETTING, str(key.value), self.module.span(value), detail)
        for call, _ in self.module.calls:
            for keyword in call.keywords:
                if keyword.arg == "command_timeout":
                    number, _ = self.number(keyword.value)
                    if number:
                        detail = TimeBound("statement", number)
                        yield self._symbol(Kind.SETTING, "command_timeout", self.module.span(keyword.value), detail)

    def fields(self) -> Iterator[Symbol]:
        """Yield the numbers of connections that fields of settings classes have as defaults."""
        for owner in self.module.of(ast.ClassDef):
            for node in owner.body if any("Settings" in self.module.dotted(base) for base in owner.bases) else []:
                match node:
                    case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _FIELD.search(name):
                        if isinstance(value, ast.Call):
                            given = {keyword.arg: keyword.value for keyword in value.keywords}
                            value = given.get("default", value.args[0] if value.args else value)
                        number, _ = self.number(value)
                        if number is not None and number == int(number):
                            detail = NumberSet(int(number))
                            yield self._symbol(Kind.CONSTRUCT, name.upper(), self.module.span(value), detail)

    def settings(self) -> Iterator[Symbol]:
        """Yield what a configuration of gunicorn and the settings of Django say."""
        constants = self.module.constants
        if self.file.name.startswith("gunicorn"):
            for name, layer in (("timeout", "server"), ("keepalive", "keep-alive")):
                number, _ = self.number(constants.get(name))
                if number is not None and name in constants:
                    at = self.module.span(constants[name])
                    yield self._symbol(Kind.SETTING, f"gunicorn {name}", at, TimeBound(layer, number))
        databases = constants.get("DATABASES")
        for node in walk(databases) if databases is not None else []:
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "CONN_MAX_AGE":
                        number, _ = self.number(value)
                        if number:
                            at = self.module.span(value)
                            yield self._symbol(Kind.CONSTRUCT, "CONN_MAX_AGE", at, PoolSet(1))
