"""An address names a host that no service of the deployment answers to.

The name does not resolve inside the network of the deployment, and the first request that needs it fails.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app@postgres:5432/app
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app@db:5432/app
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Write the name of the service, or give the service that name as a network alias.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.workload import HostName
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.HOST, Kind.SERVICE}))

_OWN = re.compile(r"localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|host\.docker\.internal|gateway\.docker\.internal")
_SINGLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_NETWORK = re.compile(
    r"(https?|wss?|grpcs?|tcp|postgres(ql)?|mysql|mariadb|mongodb|rediss?|valkeys?|amqps?|kafka|nats|memcached?|smtps?|ldaps?|"
    r"clickhouse|elasticsearch|mssql|cassandra|neo4j|bolt)(\+.*)?"
)
_PRODUCTS = {
    "postgres": "postgres",
    "mysql": "mysql mariadb",
    "mariadb": "mariadb mysql",
    "mongodb": "mongo",
    "redis": "redis valkey keydb dragonfly",
    "rediss": "redis valkey keydb dragonfly",
    "amqp": "rabbitmq",
}

_HOST_VARIABLE = re.compile(
    r"(?:[A-Z]+_)*?(REDIS|VALKEY|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|MONGO|MONGODB|RABBITMQ)_?HOST(?:NAME)?"
)
_SCHEMES = {
    "REDIS": "redis", "VALKEY": "redis", "POSTGRES": "postgres", "POSTGRESQL": "postgres", "PG": "postgres",
    "MYSQL": "mysql", "MARIADB": "mysql", "MONGO": "mongodb", "MONGODB": "mongodb", "RABBITMQ": "amqp",
}  # fmt: skip


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every single-label host of a component's addresses up among the names of its own deployment."""
    for url in facts.details(Kind.URL, Action.DEFINES, UrlParts):
        parts = url.detail
        if not isinstance(parts, UrlParts) or url.role is not FileRole.PROD or url.phase != "run" or not url.component:
            continue
        if not _NETWORK.fullmatch(parts.scheme):
            continue
        if parts.host is None or _OWN.fullmatch(parts.host) or not _SINGLE.fullmatch(parts.host):
            continue
        reference = Symbol(Kind.HOST, Action.REFERS, Exact(parts.host), url.at, "", role=url.role)
        match facts.resolve(reference):
            case Met():
                yield Held(url.at)
            case CannotTell(opening):
                yield Unknown(f"whether `{parts.host}` answers: {opening.reason}", opening.at)
            case Missing():
                yield _missing(facts, url, parts.host or "", parts.scheme.partition("+")[0])
    yield from _plain_hosts(facts)


def _plain_hosts(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look up the hosts that variables name without an address around them: `REDIS_HOST: cache`."""
    for given in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        value = given.detail.value if isinstance(given.detail, EnvironmentGiven) else None
        named = _HOST_VARIABLE.fullmatch(str(given.name))
        if value is None or named is None or given.role is not FileRole.PROD or given.phase != "run":
            continue
        if not given.component or _OWN.fullmatch(value) or not _SINGLE.fullmatch(value):
            continue
        holder = facts.component(given.component)
        if holder is not None and holder.kind in (ComponentKind.STORE, ComponentKind.CACHE):
            # A server does not look itself up: its image leaves such a variable alone.
            continue
        reference = Symbol(Kind.HOST, Action.REFERS, Exact(value), given.at, "", role=given.role)
        match facts.resolve(reference):
            case Met():
                yield Held(given.at)
            case CannotTell(opening):
                yield Unknown(f"whether `{value}` answers: {opening.reason}", opening.at)
            case Missing():
                yield _missing(facts, given, value, _SCHEMES[named[1]])


def _missing(facts: Facts, url: Symbol, host: str, scheme: str) -> Finding | Unknown:
    """A host is certainly wrong where the deployment itself has the server that is meant, under another name."""
    servers = _servers(facts, scheme)
    meant = [s for s in facts.definitions(Kind.HOST) if _answers(s, servers) and isinstance(s.name, Exact)]
    here = [s for s in meant if s.at.path.rpartition("/")[0] == url.at.path.rpartition("/")[0]]
    if not here:
        return Unknown(f"whether `{host}` in `{url.name}` answers: nothing in the repository does", url.at)
    return Finding(
        f"`{url.name}` of {url.component} names the host `{host}`, and no service answers to it; "
        f"the {scheme} server is `{here[0].name}`",
        url.at,
        tuple(dict.fromkeys(Related(s.at, f"answers to `{s.name}`") for s in here[:3])),
        f"Write `{here[0].name}` as the host",
        (str(url.name), host),
        url.component,
    )


def _servers(facts: Facts, scheme: str) -> set[str]:
    images = next((images for start, images in _PRODUCTS.items() if scheme.startswith(start)), "").split()
    kinds = (ComponentKind.STORE, ComponentKind.CACHE)
    return {
        c.id
        for c in facts.components
        if c.kind in kinds and c.role is FileRole.PROD and any(i in c.image for i in images)
    }


def _answers(symbol: Symbol, servers: set[str]) -> bool:
    deployed = isinstance(symbol.detail, HostName) and symbol.detail.component in servers
    return deployed and symbol.role is FileRole.PROD
