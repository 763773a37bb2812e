"""Calls of Python code that leave the process, and whether each is bounded in time.

Facts: `requests` and `urllib` wait for ever unless told; `httpx` and `aiohttp` have a default timeout; libpq (psycopg),
redis-py and most drivers wait for ever to connect unless told, and can be told in an address that is not in the code.
"""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.code import ClientCall
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_MIGRATING = re.compile(r"(?:^|/)(?:migrations|alembic|versions)/")
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_UNBOUNDED = {f"requests.{verb}" for verb in _VERBS} | {"urllib.request.urlopen"}
_BOUNDED_BY_DEFAULT = {f"httpx.{verb}" for verb in (*_VERBS, "stream", "Client", "AsyncClient")}
_BOUNDED_BY_DEFAULT |= {"aiohttp.ClientSession"}
_DRIVERS = {
    "psycopg.Connection.connect": "connect_timeout",
    "sqlmodel.create_engine": "connect_timeout",
    "psycopg.connect": "connect_timeout",
    "psycopg.AsyncConnection.connect": "connect_timeout",
    "psycopg2.connect": "connect_timeout",
    "psycopg_pool.ConnectionPool": "connect_timeout",
    "psycopg_pool.AsyncConnectionPool": "connect_timeout",
    "sqlalchemy.create_engine": "connect_timeout",
    "sqlalchemy.ext.asyncio.create_async_engine": "timeout",
    "aioredis.from_url": "socket_timeout",
    "asyncpg.connect": "command_timeout",
    "asyncpg.create_pool": "command_timeout",
    "redis.Redis": "socket_timeout",
    "redis.StrictRedis": "socket_timeout",
    "redis.from_url": "socket_timeout",
    "redis.Redis.from_url": "socket_timeout",
    "redis.asyncio.Redis": "socket_timeout",
    "redis.asyncio.from_url": "socket_timeout",
    "redis.asyncio.Redis.from_url": "socket_timeout",
    "pymongo.MongoClient": "socketTimeoutMS",
    "smtplib.SMTP": "timeout",
    "smtplib.SMTP_SSL": "timeout",
}
# What waits for ever where neither the call nor the address nor a variable sets the option.
_ENDLESS = frozenset({"psycopg", "psycopg2", "psycopg_pool", "sqlalchemy", "sqlmodel", "redis", "aioredis", "smtplib"})
_LIBRARIES = {name.partition(".")[0] for name in (*_UNBOUNDED, *_BOUNDED_BY_DEFAULT, *_DRIVERS)}


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a client library."""
    return any(library in file.text for library in _LIBRARIES)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every call of a known client, with what can be seen of its bound."""
    module = python.module(file)
    for node, called in module.calls:
        if called in _UNBOUNDED or called in _BOUNDED_BY_DEFAULT or called in _DRIVERS:
            library = called.partition(".")[0]
            bounded = _bounded(module, node, called)
            option = _DRIVERS.get(called, "") if bounded is None and library in _ENDLESS else ""
            if option and (_MIGRATING.search(file.path) or "sqlite" in ast.unparse(node).lower()):
                option = ""
            detail = ClientCall(library, bounded, "connect_timeout" if option == "timeout" else option)
            if library == "smtplib" and option and len(node.args) < 4:
                detail = ClientCall(library, None, "timeout")
            name = Exact(called)
            yield Symbol(Kind.CONSTRUCT, Action.DEFINES, name, module.span(node), role=file.role, detail=detail)


def _bounded(module: python.Module, node: ast.Call, called: str) -> bool | None:
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if called in _DRIVERS:
        return True if _names(module, node, _DRIVERS[called]) else None
    given = keywords.get("timeout")
    if given is None and called == "urllib.request.urlopen" and len(node.args) > 2:
        given = node.args[2]
    if given is not None:
        return not (isinstance(given, ast.Constant) and given.value is None)
    if None in keywords:
        return None
    return called in _BOUNDED_BY_DEFAULT


def _names(module: python.Module, node: ast.AST, option: str, depth: int = 0) -> bool:
    """Tell whether a call names an option: as a keyword, in a literal of options, or in a constant it uses."""
    for inner in walk(node):
        match inner:
            case ast.keyword(arg=str(name)) if name == option:
                return True
            case ast.Constant(value=str(text)) if option in text:
                return True
            case ast.Name(id=id) if depth < 3 and id in module.constants:
                if _names(module, module.constants[id], option, depth + 1):
                    return True
    return False
