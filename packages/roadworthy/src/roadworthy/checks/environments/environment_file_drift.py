"""Two lists of the same variables disagree.

Whoever fills in one of them gets a service that lacks a variable, or one that asks the wrong place.

## Fails

```ini title=".env.example"
DATABASE_URL=postgresql://app@localhost:5433/shop
```

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    ports: ["127.0.0.1:5432:5432"]
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${DB_PASSWORD:-}
```

## Passes

```ini title=".env.example"
DATABASE_URL=postgresql://app@localhost:5432/app
```

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    ports: ["127.0.0.1:5432:5432"]
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${DB_PASSWORD:-}
```

## Repair

Bring the lists to one state; where it can be, keep one list only and point to it from the others.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.component import Component
from roadworthy.model.detail.environment import (
    EnvironmentDocumented,
    EnvironmentGiven,
    EnvironmentRead,
    EnvironmentTaken,
    UrlParts,
)
from roadworthy.model.detail.port import PortUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))

_OWN = re.compile(r"localhost|127\.0\.0\.1|::1")
_PRODUCTION = re.compile(r"prod|live")
# A list that lacks more is meant to be a shorter one.
_MOST = 3
_PRODUCTS = {
    "postgres": (("postgres", "postgis", "pgvector"), "POSTGRES_USER", "POSTGRES_DB", 5432),
    "mysql": (("mysql", "mariadb"), "MYSQL_USER", "MYSQL_DATABASE", 3306),
    "redis": (("redis", "valkey"), "", "", 6379),
}


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Compare example files with one another, with compose, with documents and with the code."""
    listed: dict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        if symbol.phase == "file" and symbol.role is FileRole.EXAMPLE:
            listed[symbol.at.path][str(symbol.name)] = symbol
            yield Held(symbol.at)
    yield from _siblings(facts, listed)
    yield from _local(facts)
    yield from _defaults(facts)


def _siblings(facts: Facts, listed: dict[str, dict[str, Symbol]]) -> Iterator[Finding]:
    """A variable that something requires stands in one example of a folder and not in the other."""
    required = {
        str(s.name)
        for s in facts.references(Kind.ENVIRONMENT)
        if isinstance(s.detail, EnvironmentRead | EnvironmentTaken) and s.detail.required and s.role is FileRole.PROD
    }
    for path, names in sorted(listed.items()):
        folder, _, file = path.rpartition("/")
        for other, theirs in sorted(listed.items()):
            production = _PRODUCTION.search(other.rpartition("/")[2]) is not None
            if file != ".env.example" or other.rpartition("/")[0] != folder or not production:
                continue
            lacking = sorted((set(names) - set(theirs)) & required)
            if 0 < len(lacking) <= _MOST:
                listing = ", ".join(f"`{name}`" for name in lacking)
                yield Finding(
                    f"{path} lists {listing}, which is required, and {other} does not",
                    names[lacking[0]].at,
                    (Related(next(iter(theirs.values())).at, "lists other variables"),),
                    f"Add {listing} to {other}",
                    (*lacking, other),
                )


def _local(facts: Facts) -> Iterator[Finding]:
    """An example for work outside of containers names another port, user or database than compose gives the server."""
    for symbol in facts.details(Kind.URL, Action.DEFINES, UrlParts):
        parts = symbol.detail
        if not isinstance(parts, UrlParts) or symbol.phase != "file" or not _OWN.fullmatch(parts.host or ""):
            continue
        product = next((p for start, p in _PRODUCTS.items() if parts.scheme.startswith(start)), None)
        if product is None or symbol.role not in (FileRole.EXAMPLE, FileRole.PROD):
            continue
        images, user, database, port = product
        folder = symbol.at.path.rpartition("/")[0]
        servers = [
            c
            for c in facts.components
            if any(i in c.image for i in images)
            and any(at.path.rpartition("/")[0] == folder and "compose" in at.path for at in c.declared)
        ]
        if len(servers) == 1:
            yield from _against(facts, symbol, parts, servers[0], (user, database, port))


def _against(
    facts: Facts, symbol: Symbol, parts: UrlParts, server: Component, names: tuple[str, str, int]
) -> Iterator[Finding]:
    user, database, port = names
    ports = [
        (s, s.detail.published)
        for s in facts.references(Kind.PORT, server.id)
        if s.component == server.id and isinstance(s.detail, PortUse) and s.detail.by == "ports" and s.detail.published
    ]
    asked = str(parts.port or port)
    if ports and all(published.isdecimal() and published != asked for _, published in ports):
        yield _differs(symbol, "port", asked, ports[0][1], ports[0][0], server)
    if not ports:
        return
    for part, variable, value in (("user", user, parts.user), ("database", database, parts.database)):
        there = next(
            (
                s
                for s in facts.definitions(Kind.ENVIRONMENT, server.id)
                if s.component == server.id and str(s.name) == variable and s.phase == "run"
            ),
            None,
        )
        if (
            there is not None
            and isinstance(there.detail, EnvironmentGiven)
            and there.detail.value
            and value
            and value != there.detail.value
        ):
            yield _differs(symbol, part, value, there.detail.value, there, server)


def _differs(symbol: Symbol, part: str, asked: str, there: str, other: Symbol, server: Component) -> Finding:
    return Finding(
        f"`{symbol.name}` in {symbol.at.path} names the {part} `{asked}`; {server.id} has `{there}`",
        symbol.at,
        (Related(other.at, f"{server.id} has the {part} `{there}`"),),
        f"Write `{there}` in {symbol.at.path}",
        (str(symbol.name), part),
    )


def _defaults(facts: Facts) -> Iterator[Finding]:
    """A document tells another default than the code has."""
    defaults: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead):
        if (
            (
                isinstance(symbol.detail, EnvironmentRead)
                and symbol.role is FileRole.PROD
                and isinstance(symbol.name, Exact)
            )
            and symbol.detail.default is not None
            and symbol.phase == "run"
        ):
            defaults[symbol.name.text].append(symbol)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentDocumented):
        documented = symbol.detail
        if not isinstance(documented, EnvironmentDocumented) or not documented.default:
            continue
        found = defaults.get(str(symbol.name), [])
        said = _plain(documented.default)
        texts = {_plain(s.detail.default or "") for s in found if isinstance(s.detail, EnvironmentRead)}
        if (
            len(texts) != 1
            or said in ("none", "", "required", "yes", "no", "-", "unset", "empty", "null")
            or said in texts
        ):
            continue
        (text,) = texts
        if text and text != "***" and (said.isdecimal() == text.isdecimal()):
            yield Finding(
                f"{symbol.at.path} says that `{symbol.name}` is `{said}` by default; the code has `{text}`",
                symbol.at,
                (Related(found[0].at, f"the default is `{text}`"),),
                f"Write `{text}` in {symbol.at.path}, or change the code",
                (str(symbol.name),),
            )


def _plain(text: str) -> str:
    return text.strip().strip("\"'`").lower()
