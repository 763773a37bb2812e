"""A store is reached from outside of the deployment, or lets anybody in.

A database port published on all addresses is found by scanners within hours, and Docker's publishing goes past the
host's firewall.

## Fails

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    ports:
      - "5432:5432"
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

## Passes

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    ports:
      - "127.0.0.1:5432:5432"
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

## Repair

Remove the published port: services of one deployment reach the store by its name. For administration publish it on
127.0.0.1 and use a tunnel. Give every store a password.
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.exposure import ForDevelopment, ServiceExposed
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.STORE, since="0.1", needs=frozenset({Kind.PORT, Kind.SERVICE, Kind.ENVIRONMENT}))

_STORES = frozenset({ComponentKind.STORE, ComponentKind.CACHE})
_WORLD = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 - the addresses that are looked for
_OPEN = {"POSTGRES_HOST_AUTH_METHOD": "trust", "MYSQL_ALLOW_EMPTY_PASSWORD": "", "ALLOW_EMPTY_PASSWORD": "yes"}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at how each store is published, and whether it asks for a password."""
    development = {str(s.name): s for s in facts.details(Kind.SETTING, Action.DEFINES, ForDevelopment)}
    exposed = list(_exposed(facts))
    for component in facts.components:
        if component.kind not in _STORES or component.role is not FileRole.PROD:
            continue
        told = [*_published(facts, component, development), *_opened(facts, component, development)]
        told += [
            Finding(
                f"the Service {s.name} makes {component.id} reachable from outside the cluster ({form})",
                s.at,
                (Related(component.declared[0], f"`{component.id}` is a store"),),
                "Make it a Service of type ClusterIP",
                (str(s.name), form),
                component.id,
            )
            for s, form, id_ in exposed
            if id_ == component.id
        ]
        yield from told
        if not told:
            yield Held(component.declared[0])


def _published(facts: Facts, component: Component, development: dict[str, Symbol]) -> Iterator[Finding | Unknown]:
    for symbol in facts.references(Kind.PORT, component.id):
        port = symbol.detail
        if symbol.component != component.id or not isinstance(port, PortUse) or port.by != "ports":
            continue
        if symbol.role is not FileRole.PROD or not port.published or port.address not in _WORLD:
            continue
        if symbol.at.path in development:
            sign = development[symbol.at.path]
            why = sign.detail.why if isinstance(sign.detail, ForDevelopment) else ""
            yield Unknown(f"whether {symbol.at.path} is deployed: {why}", symbol.at)
            continue
        open_door = _without_password(facts, component)
        number = "" if "*" in port.published else f" (port {port.published})"
        yield Finding(
            f"{component.id} is published on every address of its host{number}"
            + (" and asks for no password" if open_door else ""),
            symbol.at,
            tuple(Related(s.at, says) for s, says in open_door)
            or (Related(component.declared[0], f"`{component.id}` is a store"),),
            "Remove the port, or publish it on 127.0.0.1",
            (component.id,),
            component.id,
        )
        return


def _opened(facts: Facts, component: Component, development: dict[str, Symbol]) -> Iterator[Finding]:
    """Yield a store that is told to let everybody in."""
    for symbol in facts.definitions(Kind.ENVIRONMENT, component.id):
        given = symbol.detail
        if symbol.component != component.id or symbol.role is not FileRole.PROD or symbol.at.path in development:
            continue
        if (
            not isinstance(given, EnvironmentGiven)
            or str(symbol.name) not in _OPEN
            or given.value in (None, "no", "false")
        ):
            continue
        if _OPEN[str(symbol.name)] in ("", (given.value or "").lower()):
            yield Finding(
                f"`{symbol.name}` lets everybody into {component.id} without a password",
                symbol.at,
                (Related(component.declared[0], f"`{component.id}` is a store"),),
                "Remove it and set a password",
                (str(symbol.name),),
                component.id,
            )


def _without_password(facts: Facts, component: Component) -> list[tuple[Symbol, str]]:
    """Return what shows that a published Redis asks for no password."""
    if not any(name in component.image for name in ("redis", "valkey", "keydb")):
        return []
    commands = [
        s
        for s in facts.references(Kind.COMMAND, component.id)
        if s.component == component.id
        and isinstance(s.detail, CommandUse)
        and s.detail.purpose in ("command", "entrypoint")
    ]
    texts = " ".join(" ".join(s.detail.words) for s in commands if isinstance(s.detail, CommandUse))
    given = [s for s in facts.definitions(Kind.ENVIRONMENT, component.id) if s.component == component.id]
    if (
        "requirepass" in texts
        or "aclfile" in texts
        or ".conf" in texts
        or any("PASSWORD" in str(s.name) for s in given)
    ):
        return []
    return [(s, "starts it without `--requirepass`") for s in commands]


def _exposed(facts: Facts) -> Iterator[tuple[Symbol, str, str]]:
    """Yield each Service that is reached from outside, its type and the component it chooses."""
    workloads = [(s, s.detail) for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)]
    for symbol in facts.details(Kind.SERVICE, Action.REFERS, ServiceExposed):
        service = symbol.detail
        if not isinstance(service, ServiceExposed) or symbol.role is not FileRole.PROD or not service.selector:
            continue
        for chosen, workload in workloads:
            if isinstance(workload, Workload) and set(service.selector) <= set(workload.labels):
                yield symbol, service.form, chosen.component
                break
