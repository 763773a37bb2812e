"""Addresses that jobs of GitHub workflows give their tests, beside what the database service of the job is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.server import ServerAsked
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml
from roadworthy.syntax.address import Address, address

PROVIDES = frozenset({Kind.URL})

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
_HERE = ("localhost", "127.0.0.1")
# What creates no database, and so needs the one it is told to use.
_MIGRATES = re.compile(r"\balembic\s+upgrade\b|\bflyway\s+migrate\b|\bgoose\b.*\bup\b|\bknex\s+migrate:latest\b")
_CREATES = re.compile(r"createdb|create\s+database|db:create|create_database|\bpsql\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Product:
    """How images of one product are told their first account."""

    image: re.Pattern[str]
    scheme: str
    user: str
    password: str
    database: str
    default_user: str


_PRODUCTS = (
    _Product(
        re.compile(r"(?:.*/)?(?:postgres|postgis|pgvector|timescaledb)(?:[:@].*)?"),
        "postgres", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "postgres",
    ),
    _Product(
        re.compile(r"(?:.*/)?mysql(?:[:@].*)?"), "mysql", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_DATABASE", ""
    ),
    _Product(
        re.compile(r"(?:.*/)?mariadb(?:[:@].*)?"), "m", "MARIADB_USER", "MARIADB_PASSWORD", "MARIADB_DATABASE", ""
    ),
)  # fmt: skip


def wants(path: str) -> bool:
    """Workflows."""
    return _WORKFLOW.search(path) is not None


claims = wants


def recognises(file: SourceFile) -> bool:
    """Recognise one with services and addresses."""
    return "services:" in file.text and "://" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one comparison for each part of each address whose server is a service of its job."""
    for root in yaml.documents(file):
        jobs = root.get("jobs") if isinstance(root, yaml.Mapping) else None
        for _, job in jobs.items() if isinstance(jobs, yaml.Mapping) else ():
            if isinstance(job, yaml.Mapping) and isinstance(services := job.get("services"), yaml.Mapping):
                for product in _PRODUCTS:
                    servers = [
                        (key, node)
                        for key, node in services.items()
                        if isinstance(node, yaml.Mapping) and product.image.fullmatch(node.text("image") or "")
                    ]
                    if len(servers) == 1:
                        yield from _compared(root, job, product, *servers[0])


def _compared(
    root: yaml.Node, job: yaml.Mapping, product: _Product, key: yaml.Scalar, server: yaml.Mapping
) -> Iterator[Symbol]:
    steps = job.get("steps")
    listed = [s for s in steps if isinstance(s, yaml.Mapping)] if isinstance(steps, yaml.Sequence) else []
    runs = "\n".join(step.text("run") or "" for step in listed)
    holders = [root, job, *listed]
    for holder in holders:
        given = holder.get("env") if isinstance(holder, yaml.Mapping) else None
        for name, value in given.items() if isinstance(given, yaml.Mapping) else ():
            asked = address(value.text) if isinstance(value, yaml.Scalar) and "${{" not in value.text else None
            if asked is None or not asked.scheme.startswith(product.scheme) or asked.host not in (*_HERE, key.text):
                continue
            for detail in _parts(asked, product, key, server, runs):
                yield Symbol(Kind.URL, Action.REFERS, Exact(name.text), value.at, "", "test", FileRole.PROD, detail)


def _parts(
    asked: Address, product: _Product, key: yaml.Scalar, server: yaml.Mapping, runs: str
) -> Iterator[ServerAsked]:
    def told(name: str) -> tuple[str, yaml.Node]:
        node = server.get("env", name)
        return (node.text, node) if isinstance(node, yaml.Scalar) and "$" not in node.text else ("", node or key)

    user, at_user = told(product.user)
    password, at_password = told(product.password)
    database, at_database = told(product.database)
    if at_user is not key and not user:
        return
    user = user or product.default_user
    ours = asked.user == user
    if asked.user and user and asked.user != "root":
        yield ServerAsked(key.text, "user", asked.user, user, ours, at_user.at, product.user)
    if asked.password is not None and password and ours and server.get("env", "POSTGRES_HOST_AUTH_METHOD") is None:
        agrees = asked.password == password
        yield ServerAsked(key.text, "password", "", "", agrees, at_password.at, product.password)
    wanted = asked.path.lstrip("/")
    there = database or (user if product.default_user and at_database is key else "")
    if wanted and there and (wanted == there or (_MIGRATES.search(runs) and not _CREATES.search(runs))):
        yield ServerAsked(key.text, "database", wanted, there, wanted == there, at_database.at, product.database)
