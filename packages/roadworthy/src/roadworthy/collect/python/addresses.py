"""Addresses of other servers that Python code writes down: `Redis(host="redis")`, `create_engine("postgresql://db/app")`."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.server import AddressWritten
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.address import address

PROVIDES = frozenset[Kind]()

_CALLS = frozenset(
    """
    create_engine create_async_engine from_url Redis StrictRedis connect Celery MongoClient AsyncIOMotorClient Client
    AsyncClient get post put patch delete request KafkaProducer KafkaConsumer ConnectionParameters URLParameters Elasticsearch
    AsyncElasticsearch OpenSearch create_pool ConnectionPool AsyncConnectionPool RedisDsn client resource SMTP Minio
    """.split()
)
_HOSTS = frozenset(
    {"host", "hostname", "url", "base_url", "broker", "backend", "endpoint_url", "dsn", "conninfo", "endpoint"}
)
_WORDS = re.compile(r"://|\bhost(?:name)?\s*=\s*[\"']")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*(?:URL|URI|DSN|HOST|ADDRESS|ENDPOINT|BROKER|BACKEND)[A-Z0-9_]*")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules with an address in them."""
    return _WORDS.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each address that a client is handed, or that a constant holds."""
    module = python.module(file)
    for call, name in module.calls:
        last = name.rpartition(".")[2] or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
        if last not in _CALLS:
            continue
        for node in call.args[:1]:
            yield from _written(file, module, node, last, whole=False)
        for keyword in call.keywords:
            if keyword.arg in _HOSTS:
                yield from _written(file, module, keyword.value, last, whole=True)
    for constant, value in module.constants.items():
        if _CONSTANT.fullmatch(constant):
            yield from _written(file, module, value, constant, whole="HOST" in constant)


def _written(file: SourceFile, module: python.Module, node: ast.expr, how: str, *, whole: bool) -> Iterator[Symbol]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or len(node.value) > 500:
        return
    read = address(node.value)
    host = read.host if read is not None else node.value if whole and _HOST.fullmatch(node.value) else None
    if host:
        detail = AddressWritten(how, read.port if read is not None else None)
        yield Symbol(Kind.HOST, Action.REFERS, Exact(host), module.span(node), "", "code", file.role, detail)
