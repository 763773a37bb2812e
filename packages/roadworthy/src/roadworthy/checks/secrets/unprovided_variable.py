"""A component needs a variable that no deployment gives it.

It works on the machine of whoever has it in a local `.env`, and fails at start, or at first use, everywhere else.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
TOKEN = os.environ["PAYMENT_TOKEN"]
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      LOG_LEVEL: info
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI

app = FastAPI()
TOKEN = os.environ["PAYMENT_TOKEN"]
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app"]
```

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      LOG_LEVEL: info
      PAYMENT_TOKEN: ${PAYMENT_TOKEN:?}
```

## Repair

Give the variable to the component in its deployment (a Secret where it is one), and add it to `.env.example`.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts, counts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing, Resolution, nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol, Unreadable
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT, Kind.SERVICE}))

_RUN = (ComponentKind.SERVICE, ComponentKind.WORKER)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the variables the code of each component requires with those its deployments give it."""
    for component in facts.components:
        if component.ours and component.role is FileRole.PROD and component.kind in _RUN:
            yield from _component(facts, component)


def _component(facts: Facts, component: Component) -> Iterator[Finding | Unknown | Held]:
    deployed: dict[str, list[Symbol]] = {}
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if (
            symbol.component == component.id
            and symbol.role is FileRole.PROD
            and isinstance(workload, Workload)
            and workload.artifact in _GROUPS.values()
        ):
            deployed.setdefault(workload.artifact, []).append(symbol)
    for read in facts.references(Kind.ENVIRONMENT, component.id):
        detail = read.detail
        if read.role is not FileRole.PROD or not isinstance(detail, EnvironmentRead) or read.phase != "run":
            continue
        if isinstance(read.name, Unreadable) or str(read.name) in _BY_SYSTEM or _TOOLS & set(read.at.path.split("/")):
            continue
        if detail.required is False:
            yield from _to_itself(facts, component, read, detail, deployed)
        elif not deployed:
            yield Unknown(
                f"whether `{read.name}` is given: no deployment of {component.id} is in the repository", read.at
            )
        else:
            for artifact, symbols in sorted(deployed.items()):
                yield from _asked(facts, component, read, artifact, symbols)


def _asked(
    facts: Facts, component: Component, read: Symbol, artifact: str, deployed: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    match _resolved(facts, read, artifact):
        case Met():
            yield Held(read.at)
        case CannotTell(opening):
            yield Unknown(f"whether `{read.name}` is given to {component.id}: {opening.reason}", opening.at)
        case Missing(near):
            given = _by_override(facts, read) if artifact == "compose" else None
            if given is not None:
                why = f"{given.at.path} gives it wherever `docker compose` is not told which files to read"
                yield Unknown(f"whether `{read.name}` is given to {component.id}: {why}", given.at)
            else:
                yield _missing(component, read, artifact, deployed, near)


def _resolved(facts: Facts, read: Symbol, artifact: str) -> Resolution:
    """Look a variable up among those that one kind of deployment, or the image itself, gives."""
    name = str(read.name)
    given = [
        s
        for s in facts.definitions(Kind.ENVIRONMENT, read.component)
        if counts(s, read) and _GROUPS.get(getattr(s.detail, "by", ""), artifact) == artifact
    ]
    met = tuple(s for s in given if s.name.matches(name) or read.name.matches(str(s.name)))
    if met:
        return Met(met)
    for opening in facts.openings(Kind.ENVIRONMENT, read.component):
        kinds = {_ARTIFACTS.get(a.kind, artifact) for a in facts.artifacts_at(opening.at.path)} or {artifact}
        if artifact in kinds and (opening.covers is None or opening.covers.matches(name)):
            return CannotTell(opening)
    return nearest(name, given)


def _by_override(facts: Facts, read: Symbol) -> Symbol | None:
    """Return what gives a variable in the file that `docker compose` reads over the base by itself."""
    for symbol in facts.definitions(Kind.ENVIRONMENT, read.component):
        if (
            _OVERRIDE.search(symbol.at.path)
            and symbol.phase == "run"
            and (symbol.name.matches(str(read.name)) or read.name.matches(str(symbol.name)))
        ):
            return symbol
    return None


def _missing(
    component: Component, read: Symbol, artifact: str, deployed: list[Symbol], near_by: tuple[Symbol, ...]
) -> Finding | Unknown:
    if not isinstance(read.detail, EnvironmentRead) or read.detail.required is None:
        return Unknown(f"whether the code can do without `{read.name}`, which nothing gives to {component.id}", read.at)
    near = f"; it is given `{near_by[0].name}`" if near_by else ""
    return Finding(
        f"{component.id} requires `{read.name}` ({read.detail.how}), and no deployment by {artifact} gives it{near}",
        read.at,
        (
            *(Related(s.at, f"declares {component.id} without `{read.name}`") for s in deployed),
            *(Related(s.at, f"gives `{s.name}`") for s in near_by[:1]),
        ),
        f"Add `{read.name}` to the environment of {component.id}",
        (str(read.name),),
        component.id,
    )


def _to_itself(
    facts: Facts, component: Component, read: Symbol, detail: EnvironmentRead, deployed: dict[str, list[Symbol]]
) -> Iterator[Finding]:
    """A default at localhost is no default where the server is another container."""
    found = _LOCAL.match(detail.default or "")
    images = next((images for start, images in _SERVERS.items() if found and found[1].startswith(start)), ())
    for artifact, symbols in sorted(deployed.items()):
        servers = [
            s
            for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
            if isinstance(s.detail, Workload)
            and s.detail.artifact == artifact
            and s.role is FileRole.PROD
            and s.component != component.id
            and any(image in s.detail.image for image in images)
        ]
        alone = not any(isinstance(s.detail, Workload) and s.detail.network for s in symbols)
        if servers and alone and isinstance(_resolved(facts, read, artifact), Missing):
            yield Finding(
                f"{component.id} falls back on localhost for `{read.name}`, which no deployment by {artifact} gives it",
                read.at,
                (
                    Related(symbols[0].at, f"declares {component.id} without `{read.name}`"),
                    Related(servers[0].at, "is the server that is meant"),
                ),
                f"Add `{read.name}` to the environment of {component.id}",
                (str(read.name),),
                component.id,
            )


_OVERRIDE = re.compile(r"(?:^|/)(?:docker-)?compose\.override\.ya?ml$")
_TOOLS = {"scripts", "load", "bench", "benchmarks", "locustfile.py"}
_GROUPS = {"compose": "compose", "host": "compose", "env_file": "compose"}
_GROUPS |= dict.fromkeys(("kubernetes", "kubernetes field", "ConfigMap", "Secret"), "kubernetes")
_ARTIFACTS = {"compose/file": "compose", "dotenv": "compose"}
_ARTIFACTS |= dict.fromkeys(("kubernetes/manifest", "kustomization", "helm"), "kubernetes")
_LOCAL = re.compile(r"([a-z]+)[a-z0-9+]*://(?:[^@/\s]*@)?(?:localhost|127\.0\.0\.1)\b")
_SERVERS = {
    "postgres": ("postgres", "postgis", "pgvector"),
    "redis": ("redis", "valkey"),
    "mysql": ("mysql", "mariadb"),
}
_SERVERS |= {"mongodb": ("mongo",), "amqp": ("rabbitmq",)}
_BY_SYSTEM = {"HOME", "PATH", "HOSTNAME", "PWD", "USER", "LANG", "TZ", "SHELL", "TMPDIR", "TERM"}
