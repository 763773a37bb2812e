"""The address of another server stands where it cannot be changed, or names the container itself.

The same image then works in one place only: `localhost` in a container is the container, and a name or number written into
the code is that of one network.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app:${DB_PASSWORD}@localhost:5432/app
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: ${DB_PASSWORD}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```python title="app.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      DATABASE_URL: postgresql://app:${DB_PASSWORD}@db:5432/app
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: ${DB_PASSWORD}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```python title="app.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Repair

Read the address from the environment, and let each deployment give the name under which it runs the server.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.server import AddressWritten
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.SERVICE, Kind.HOST}))

_OWN = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_PRIVATE = re.compile(r"10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+")
_SILENT = frozenset(
    {"deploy", "deployment", "docker", "compose", "k8s", "kubernetes", "base", "infra", "manifests", "ops"}
)
_NETMASK = re.compile(r"\.0$")
_SERVERS = {
    "postgres": ("postgres", "postgis", "pgvector", "timescale"),
    "mysql": ("mysql", "mariadb", "percona"),
    "mariadb": ("mysql", "mariadb"),
    "mongodb": ("mongo",),
    "redis": ("redis", "valkey", "keydb", "dragonfly"),
    "rediss": ("redis", "valkey"),
    "amqp": ("rabbitmq",),
    "kafka": ("kafka", "redpanda"),
}
_HOSTS = {"DB": "postgres", "POSTGRES": "postgres", "PG": "postgres", "DATABASE": "postgres", "MYSQL": "mysql"}
_HOSTS |= {"REDIS": "redis", "CACHE": "redis", "RABBITMQ": "amqp", "MONGO": "mongodb", "AMQP": "amqp"}
_HOST_NAME = re.compile(r"(?:[A-Z]+_)?(DB|POSTGRES|PG|DATABASE|MYSQL|REDIS|CACHE|RABBITMQ|MONGO|AMQP)_?HOST")


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look at the addresses that containers are given and at those that code writes down."""
    seen: set[Span] = set()
    for symbol, scheme, host in _given(facts):
        component = facts.component(symbol.component)
        if component is None or not component.ours or symbol.at in seen:
            continue
        seen.add(symbol.at)
        server = _server(facts, scheme, component) if _OWN.fullmatch(host) else None
        if server is None:
            yield Held(symbol.at)
        elif not _beside(facts, component, server):
            yield _itself(symbol, host, component, server)
    yield from _written(facts)


def _given(facts: Facts) -> Iterator[tuple[Symbol, str, str]]:
    for symbol in facts.details(Kind.URL, Action.DEFINES, UrlParts):
        parts = symbol.detail
        if isinstance(parts, UrlParts) and parts.host and symbol.role is FileRole.PROD and symbol.phase == "run":
            yield symbol, parts.scheme.partition("+")[0], parts.host
    for symbol in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        given = symbol.detail
        named = _HOST_NAME.fullmatch(str(symbol.name))
        if (
            named
            and isinstance(given, EnvironmentGiven)
            and given.value
            and symbol.phase == "run"
            and symbol.role is FileRole.PROD
            and given.by != "ENV"
        ):
            yield symbol, _HOSTS[named[1]], given.value


def _server(facts: Facts, scheme: str, component: Component) -> Component | None:
    """Return the one other component of the deployment that is a server of this kind."""
    images = next((images for start, images in _SERVERS.items() if scheme.startswith(start)), ())
    kinds = (ComponentKind.STORE, ComponentKind.CACHE)
    found = [
        c
        for c in facts.components
        if c.kind in kinds and c.role is FileRole.PROD and c.id != component.id and any(i in c.image for i in images)
    ]
    return found[0] if found else None


def _beside(facts: Facts, component: Component, server: Component) -> bool:
    """Tell whether two components share a pod, or the network of their host, so that one is at the other's localhost."""
    own = [s for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload) if s.component in (component.id, server.id)]
    pods = {s.detail.pod for s in own if isinstance(s.detail, Workload) and s.detail.pod}
    return bool(pods) or any(isinstance(s.detail, Workload) and s.detail.network for s in own)


def _itself(symbol: Symbol, host: str, component: Component, server: Component) -> Finding:
    return Finding(
        f"`{symbol.name}` of {component.id} names `{host}`, which in its container is {component.id} itself; the server is "
        f"{server.id}",
        symbol.at,
        (Related(server.declared[0], f"{server.id} is declared here"),),
        f"Write `{server.id.rpartition('/')[2]}` as the host",
        (str(symbol.name), host),
        component.id,
    )


def _written(facts: Facts) -> Iterator[Finding | Held]:
    names = [
        s
        for s in facts.details(Kind.HOST, Action.DEFINES, HostName)
        if isinstance(s.name, Exact)
        and s.role is FileRole.PROD
        and isinstance(s.detail, HostName)
        and s.detail.component
    ]
    for symbol in facts.details(Kind.HOST, Action.REFERS, AddressWritten):
        written = symbol.detail
        if not isinstance(written, AddressWritten) or symbol.role is not FileRole.PROD or not symbol.component:
            continue
        host = str(symbol.name)
        service = next((s for s in names if str(s.name) == host and _around(s, symbol)), None)
        private = _PRIVATE.fullmatch(host) is not None and not _NETMASK.search(host)
        if service is None and not private:
            yield Held(symbol.at)
            continue
        yield Finding(
            f"the code writes the address `{host}` down ({written.how}) instead of reading it from its environment",
            symbol.at,
            (Related(service.at, f"`{host}` is its name in this deployment only"),) if service is not None else (),
            "Read the address from a variable, and give it in each deployment",
            (host, written.how),
            symbol.component,
        )


def _around(service: Symbol, code: Symbol) -> bool:
    """Tell whether a deployment is that of the code: it stands in a folder above it, or in one for deployments."""
    folder = service.at.path.rpartition("/")[0].split("/")
    while folder and folder[-1].lower() in _SILENT:
        folder.pop()
    return code.at.path.startswith("/".join([*folder, ""]) if folder and folder[0] else "")
