"""Settings modules of Django projects: caches, databases, hashes of passwords, origins, storages.

What Django does unless it is told: a cache without `TIMEOUT` keeps 300 seconds; no `CACHES` is the memory of the process;
drivers wait for ever for a connection. Source: https://docs.djangoproject.com/en/5.2/ref/settings/.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.code import ClientCall, OriginsAllowed
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.django import CacheKept
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = ("CACHES", "DATABASES", "PASSWORD_HASHERS", "CORS_", "STORAGES", "DEFAULT_FILE_STORAGE", "SESSION_ENGINE")
_LOCAL = re.compile(r"(^|[/_.-])(dev|develop\w*|local\w*|test\w*|debug|ci|example\w*)([/_.-]|$)")
_WEAK = re.compile(r"hashers\.(Unsalted)?(MD5|SHA1|Crypt)\w*")
_SERVERS = re.compile(r"postgresql|postgis|mysql|psycopg|oracle|mssql|redis|memcache", re.IGNORECASE)
_ADDRESSES = frozenset({"db_url", "db", "config", "parse", "cache_url", "cache", "dj_db_url"})
_EVERYONE = frozenset({".*", r"^.*$", r"^https?://.*$", r"^https?://.*", r".+"})


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that sets what Django reads."""
    return any(word in file.text for word in _WORDS) and not _LOCAL.search(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what the settings say that rules are about."""
    reader = _Reader(file, python.module(file))
    constants = reader.module.constants
    if not any(name in constants for name in ("INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", *_WORDS[:3])):
        return
    yield from reader.caches()
    yield from reader.databases()
    yield from reader.hashes()
    yield from reader.origins()
    yield from reader.storages()
    yield from reader.sessions()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, name: str, node: ast.expr | ast.stmt, detail: Detail) -> Symbol:
        place = self.module.span(node)
        return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), place, role=self.file.role, detail=detail)

    def _text(self, name: str) -> str | None:
        value = self.module.constants.get(name)
        return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None

    def _flag(self, name: str) -> bool | None:
        """Return whether a setting is on; None where that is computed, False where nothing is said."""
        value = self.module.constants.get(name)
        if value is None:
            return False
        return value.value is True if isinstance(value, ast.Constant) else None

    def _entries(self, name: str) -> Iterator[tuple[str, ast.expr]]:
        value = self.module.constants.get(name)
        if isinstance(value, ast.Dict):
            yield from _pairs(value)

    def caches(self) -> Iterator[Symbol]:
        """Yield where each cache keeps what it is given, for how long, and how long it is waited for."""
        counting = self._text("RATELIMIT_USE_CACHE") or "default"
        for alias, entry in self._entries("CACHES"):
            if not isinstance(entry, ast.Dict):
                yield self._symbol(alias, entry, CacheKept("unknown", alias == counting))
                continue
            given = dict(_pairs(entry))
            backend = given.get("BACKEND")
            named = backend.value if isinstance(backend, ast.Constant) else None
            storage = _storage(named if isinstance(named, str) else "")
            yield self._symbol(alias, backend or entry, CacheKept(storage, alias == counting))
            if storage != "shared":
                continue
            lasting = given.get("TIMEOUT")
            endless = isinstance(lasting, ast.Constant) and lasting.value is None
            says = f"the cache `{alias}` keeps what it is given for ever: its `TIMEOUT` is None"
            place = lasting if lasting is not None else entry
            yield self._symbol(alias, place, Construct("cache-end", not endless, says))
            options = given.get("OPTIONS")
            bounded = True if isinstance(options, ast.Dict) and _waits(options) else None
            yield self._symbol(
                f"CACHES[{alias!r}]",
                backend or entry,
                ClientCall("django", bounded, "" if bounded else "socket_timeout"),
            )

    def databases(self) -> Iterator[Symbol]:
        """Yield whether the wait for a connection of each database is bounded."""
        for alias, entry in self._entries("DATABASES"):
            written = ast.unparse(entry)
            called = entry.func if isinstance(entry, ast.Call) else None
            address = isinstance(called, ast.Attribute) and called.attr in _ADDRESSES
            if not (address or _SERVERS.search(written)) or "sqlite" in written:
                continue
            told = [written, *self._later("DATABASES", alias)]
            bounded = True if any("timeout" in text.lower() for text in told) else None
            yield self._symbol(
                f"DATABASES[{alias!r}]", entry, ClientCall("django", bounded, "" if bounded else "connect_timeout")
            )

    def _later(self, name: str, alias: str) -> Iterator[str]:
        """Yield what is added to an entry below: `DATABASES["default"]["OPTIONS"] = {…}`."""
        for node in self.module.of(ast.Assign):
            target = ast.unparse(node.targets[0])
            if target.startswith((f"{name}['{alias}']", f"{name}[{alias!r}]")):
                yield f"{target} = {ast.unparse(node.value)}"

    def hashes(self) -> Iterator[Symbol]:
        """Yield how new passwords are hashed: as the first of the list says."""
        value = self.module.constants.get("PASSWORD_HASHERS")
        first = value.elts[0] if isinstance(value, ast.List | ast.Tuple) and value.elts else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            name = first.value.rpartition(".")[2]
            weak = _WEAK.search(first.value) is not None
            says = f"`PASSWORD_HASHERS` begins with `{name}`: millions of guesses a second find what it hashed"
            yield self._symbol("PASSWORD_HASHERS", first, Construct("password", not weak, says))

    def origins(self) -> Iterator[Symbol]:
        """Yield whom django-cors-headers lets call with a browser."""
        constants = self.module.constants
        credentials = self._flag("CORS_ALLOW_CREDENTIALS")
        for name in ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"):
            if name in constants and (everyone := self._flag(name)) is not False:
                yield self._symbol(name, constants[name], OriginsAllowed(everyone, credentials))
                return
        for name in ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST"):
            texts = [n.value for n in walk(constants[name]) if isinstance(n, ast.Constant)] if name in constants else []
            if _EVERYONE & {text for text in texts if isinstance(text, str)}:
                yield self._symbol(name, constants[name], OriginsAllowed(True, credentials))
                return
        for name in ("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"):
            if name in constants:
                yield self._symbol(name, constants[name], OriginsAllowed(False, credentials))
                return

    def sessions(self) -> Iterator[Symbol]:
        """Yield whether sessions stay when the cache is lost."""
        engine = self._text("SESSION_ENGINE")
        if engine is not None and engine.startswith("django.contrib.sessions.backends."):
            only = engine.endswith(".cache")
            says = "sessions live in the cache alone: when it is away, every page that asks who is there fails"
            node = self.module.constants["SESSION_ENGINE"]
            yield self._symbol("SESSION_ENGINE", node, Construct("cache-alone", not only, says))

    def storages(self) -> Iterator[Symbol]:
        """Yield that uploads are told to stay on the disk of the process."""
        told = self._text("DEFAULT_FILE_STORAGE")
        node = self.module.constants.get("DEFAULT_FILE_STORAGE")
        for alias, entry in self._entries("STORAGES"):
            for key, value in _pairs(entry) if alias == "default" and isinstance(entry, ast.Dict) else ():
                if key == "BACKEND" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    told, node = value.value, value
        if node is not None and told is not None and told.endswith(".FileSystemStorage"):
            yield self._symbol("STORAGES", node, StateKept("disk", "uploads"))


def _pairs(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _storage(backend: str) -> str:
    lowered = backend.lower()
    if "locmem" in lowered or "dummy" in lowered:
        return "memory"
    shared = ("redis", "valkey", "memcache", ".db.")
    return "shared" if any(word in lowered for word in shared) else "unknown"


def _waits(entry: ast.Dict) -> bool:
    """Tell whether a text of the entry is the option of a driver that bounds its waits."""
    texts = [n.value for n in walk(entry) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return any(re.search(r"socket_(connect_)?timeout|connect_timeout|^timeout$", text, re.IGNORECASE) for text in texts)
