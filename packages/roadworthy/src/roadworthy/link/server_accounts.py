"""Holds each address against the configuration of the server it names: port, user, database, password.

The variables and defaults are those of the official images (https://hub.docker.com/_/postgres: POSTGRES_USER defaults to
postgres, POSTGRES_DB to the user; https://hub.docker.com/_/mysql: there is always a root) and of Bitnami's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.server import ServerAsked
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import HostName
from roadworthy.model.facts import concerns
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_IN_KUBERNETES = frozenset({"kubernetes", "ConfigMap", "Secret"})
_INSIDE = re.compile(r"\.[a-z0-9-]+(\.svc(\.cluster\.local)?\.?)?$")
_INIT_FOLDER = "/docker-entrypoint-initdb.d"


@dataclass(frozen=True, slots=True)
class _Product:
    """How images of one product are told their first account."""

    schemes: tuple[str, ...]
    port: int
    user: tuple[str, ...]
    password: tuple[str, ...]
    database: tuple[str, ...]
    default_user: str = ""
    superuser: str = ""


_PRODUCTS = (
    _Product(
        ("postgres",),
        5432,
        ("POSTGRES_USER", "POSTGRESQL_USERNAME"),
        ("POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"),
        ("POSTGRES_DB", "POSTGRESQL_DATABASE"),
        default_user="postgres",
    ),
    _Product(
        ("mysql", "mariadb"),
        3306,
        ("MYSQL_USER", "MARIADB_USER"),
        ("MYSQL_PASSWORD", "MARIADB_PASSWORD"),
        ("MYSQL_DATABASE", "MARIADB_DATABASE"),
        superuser="root",
    ),
    _Product(("redis", "valkey"), 6379, (), ("REDIS_PASSWORD", "VALKEY_PASSWORD"), ()),
    _Product(("mongodb",), 27017, ("MONGO_INITDB_ROOT_USERNAME",), ("MONGO_INITDB_ROOT_PASSWORD",), ()),
    _Product(("amqp",), 5672, ("RABBITMQ_DEFAULT_USER",), ("RABBITMQ_DEFAULT_PASS",), (), default_user="guest"),
)


def derive(draft: Draft) -> None:
    """Add one reference for every part of an address whose server is in the repository."""
    given = [(s, s.detail) for s in draft.symbols if isinstance(s.detail, EnvironmentGiven)]
    found: list[Symbol] = []
    for url in draft.of(Kind.URL, Action.DEFINES):
        parts = url.detail
        if not isinstance(parts, UrlParts) or not parts.host or url.phase != "run":
            continue
        product = next((p for p in _PRODUCTS if parts.scheme.startswith(p.schemes)), None)
        own = next((detail for s, detail in given if s.at == url.at and s.name == url.name), None)
        if product is None or own is None:
            continue
        inside = own.by in _IN_KUBERNETES
        host = _host(draft, url, parts.host, inside)
        if host is not None:
            server = _Server(draft, host, product, given, inside, url.at.path)
            found += (
                Symbol(Kind.URL, Action.REFERS, url.name, url.at, url.component, url.phase, url.role, detail)
                for detail in server.compare(parts, own)
            )
    draft.symbols += found


def _host(draft: Draft, url: Symbol, name: str, inside: bool) -> Symbol | None:
    """Return who answers to a name, as the file of the address says it before all others."""
    for host in sorted(draft.of(Kind.HOST, Action.DEFINES), key=lambda h: h.at.path != url.at.path):
        if not isinstance(host.detail, HostName) or host.detail.component in ("", url.component):
            continue
        named = isinstance(host.name, Exact) and host.name.text in (name, _INSIDE.sub("", name) if inside else name)
        if named and host.role is url.role and (host.detail.by == "Service") == inside:
            return host
    return None


class _Server:
    """One server and what it is told."""

    def __init__(
        self,
        draft: Draft,
        host: Symbol,
        product: _Product,
        given: list[tuple[Symbol, EnvironmentGiven]],
        inside: bool,
        asking: str,
    ) -> None:
        self._draft, self._host, self._product, self._inside = draft, host, product, inside
        self._id = host.detail.component if isinstance(host.detail, HostName) else ""
        told = [
            (s, detail)
            for s, detail in given
            if s.component == self._id and s.role is host.role and (detail.by in _IN_KUBERNETES) == inside
        ]
        here = [(s, detail) for s, detail in told if s.at.path == asking] if host.at.path == asking else []
        filled = [(s, detail) for s, detail in told if s.at.path != asking and detail.source] if here else []
        self._all = [*here, *filled] or told
        self._given = {str(s.name): (s, detail) for s, detail in self._all}

    def compare(self, parts: UrlParts, own: EnvironmentGiven) -> Iterator[ServerAsked]:
        """Yield one comparison for each part that both sides state."""
        if not self._inside:
            yield from self._port(str(parts.port or self._product.port))
        user = self._first(self._product.user)
        database = self._first(self._product.database)
        there = user[1].value or "" if user else self._product.default_user
        same_user = True
        if parts.user and there:
            same_user = parts.user in (there, self._product.superuser)
            yield self._asked("user", parts.user, there, same_user, user)
        named = database or (user if self._product.default_user else None)
        base = (named[1].value or "" if named else "") or (there if not database else "")
        if parts.database and base and self._product.database and (self._product.default_user or database):
            yield self._asked("database", parts.database, base, parts.database == base, named)
        password = self._first(self._product.password)
        if password and same_user and parts.user != self._product.superuser:
            yield from self._password(parts, own, password)

    def _first(self, names: tuple[str, ...]) -> tuple[Symbol, EnvironmentGiven] | None:
        return next((self._given[name] for name in names if name in self._given), None)

    def _asked(
        self, part: str, asked: str, there: str, agrees: bool, stated: tuple[Symbol, EnvironmentGiven] | None
    ) -> ServerAsked:
        place = stated[0] if stated else self._host
        if not agrees and self._initialised():
            doubt = f"scripts in {_INIT_FOLDER} may create it"
            return ServerAsked(self._id, part, asked, there, None, place.at, str(place.name), doubt)
        return ServerAsked(self._id, part, asked, there, agrees, place.at, str(place.name))

    def _port(self, port: str) -> Iterator[ServerAsked]:
        listening = [s for s in self._draft.of(Kind.PORT, Action.DEFINES) if s.component == self._id]
        opened = any(
            o.kind is Kind.PORT and concerns(o.component, self._id) and not _of_cluster(o.at.path)
            for o in self._draft.opens
        )
        if listening and not opened:
            there = " or ".join(sorted({str(s.name) for s in listening}))
            agrees = any(s.name.matches(port) for s in listening)
            yield ServerAsked(self._id, "port", port, there, agrees, self._host.at, str(self._host.name))

    def _password(
        self, parts: UrlParts, own: EnvironmentGiven, password: tuple[Symbol, EnvironmentGiven]
    ) -> Iterator[ServerAsked]:
        symbol, there = password
        if parts.password is None or there.secret is None:
            return
        same = [
            s for s, d in self._all if s.name == symbol.name and d.secret is not None and d.secret == parts.password
        ]
        if same:
            yield ServerAsked(self._id, "password", "", "", True, same[0].at, str(symbol.name))
            return
        literal = own.secret is not None and not there.template
        agrees = False if literal else None
        doubt = "" if agrees is not None else f"it and `{symbol.name}` are taken from two places"
        yield ServerAsked(self._id, "password", "", "", agrees, symbol.at, str(symbol.name), doubt)

    def _initialised(self) -> bool:
        return any(
            isinstance(s.detail, Mount) and s.component == self._id and s.detail.target.startswith(_INIT_FOLDER)
            for s in self._draft.symbols
            if s.kind is Kind.VOLUME and s.role is FileRole.PROD
        )


def _of_cluster(path: str) -> bool:
    return path.rpartition("/")[2] in ("kustomization.yaml", "kustomization.yml", "Chart.yaml")
