"""What runs a backup lacks a program that it calls, or has one that is older than the server.

`pg_dump` refuses to dump from a server of a later major version, and a program that is not there fails at once: in the
night, where nobody looks.

## Fails

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
  backup:
    image: postgres:15
    entrypoint: ["sh", "-ec"]
    command: ["pg_dump --host=db --format=custom --file=/backups/orders.dump orders"]
    volumes:
      - backups:/backups
volumes:
  data:
  backups:
```

## Passes

```yaml title="compose.yaml"
services:
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
  backup:
    image: postgres:16
    entrypoint: ["sh", "-ec"]
    command: ["pg_dump --host=db --format=custom --file=/backups/orders.dump orders"]
    volumes:
      - backups:/backups
volumes:
  data:
  backups:
```

## Repair

Run the backup in the server's own image, or install the client of the same major version or a later one, and every other
program that the script calls.

## References

- https://www.postgresql.org/docs/current/app-pgdump.html
"""

import re
from collections.abc import Iterator

from roadworthy.model.backups import Script, scripts
from roadworthy.model.component import Component
from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.detail.command import ProgramUse
from roadworthy.model.detail.image import PackageInstalled, StageBuilt
from roadworthy.model.detail.volume import DataKept
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.STAGE, Kind.IMAGE}))

_POSTGRES = re.compile(r"(?:^|/)(?:postgres|postgresql|postgis|pgvector|postgres-backup-\w+):(?:pg)?(\d+)")
_CLIENT = re.compile(r"postgresql-?(?:client-?)?(\d+)(?:-client)?$|postgresql-client-(\d+)$")
# The client that `postgresql-client` names: https://packages.debian.org/postgresql-client and the like.
_DISTRIBUTIONS = (
    (re.compile(r"trixie|debian:13|alpine:?3\.2[12]"), 17),
    (re.compile(r"bookworm|debian:12"), 15),
    (re.compile(r"bullseye|debian:11"), 13),
    (re.compile(r"alpine:?3\.20|alpine:?3\.19|ubuntu:24\.04|noble"), 16),
    (re.compile(r"alpine:?3\.1[78]"), 15),
    (re.compile(r"ubuntu:22\.04|jammy"), 14),
    (re.compile(r"ubuntu:20\.04|focal"), 12),
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the programs that backups and restores call, and their versions, with the images they run in."""
    for reference in facts.details(Kind.PROGRAM, Action.REFERS, ProgramUse):
        use = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(use, ProgramUse) or use.purpose != "backup":
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(f"whether the image has `{reference.name}`: {opening.reason}", opening.at)
            case Missing():
                yield _missing(facts, reference, use)
    servers = _servers(facts)
    for one in scripts(facts):
        if any(step.product == "postgres" for step in one.dumps):
            yield from _versions(facts, one, servers)
    yield from _images(facts, servers)


def _missing(facts: Facts, reference: Symbol, use: ProgramUse) -> Finding:
    base = f"`{use.image}`" if use.image else "its base image"
    user = facts.component(use.user)
    sides = [Related(use.image_at, f"the image is {base}")] if use.image_at != reference.at else []
    if user is not None and user.declared:
        sides += [Related(at, f"{user.id} runs it") for at in user.declared[:1] if at.path != reference.at.path]
    return Finding(
        f"the backup calls `{reference.name}`, which {base} does not hold",
        reference.at,
        tuple(sides),
        f"Install `{reference.name}` in the image that runs the backup, or use an image that holds it",
        (str(reference.name),),
        use.user,
    )


def _servers(facts: Facts) -> list[tuple[int, Symbol]]:
    """Return the major versions of the PostgreSQL servers that are deployed."""
    found = []
    for symbol in facts.details(Kind.VOLUME, Action.DEFINES, DataKept):
        component = facts.component(symbol.component)
        if str(symbol.name) == "postgres" and component is not None and symbol.role is FileRole.PROD:
            version = _POSTGRES.search(component.image)
            if version:
                found.append((int(version[1]), symbol))
    return found


def _versions(facts: Facts, one: Script, servers: list[tuple[int, Symbol]]) -> Iterator[Finding | Held]:
    components = {run.component for _, run in one.runs if run.component} | {one.symbol.component}
    for id_ in sorted(components - {""}):
        component = facts.component(id_)
        client = _client(facts, component) if component is not None else None
        if component is None or client is None or not servers:
            continue
        yield _compared(one.dumps[0].at, component, *client, servers)


def _images(facts: Facts, servers: list[tuple[int, Symbol]]) -> Iterator[Finding | Held]:
    for symbol in facts.details(Kind.JOB, Action.DEFINES, BackupMade):
        made, component = symbol.detail, facts.component(symbol.component)
        if isinstance(made, BackupMade) and component is not None and "backup" in made.tool and servers:
            version = _POSTGRES.search(component.image)
            if version and symbol.role is FileRole.PROD:
                yield _compared(symbol.at, component, int(version[1]), symbol.at, servers)


def _client(facts: Facts, component: Component) -> tuple[int, Span] | None:
    """Return the major version of the PostgreSQL client a component has, and what says so."""
    if version := _POSTGRES.search(component.image):
        image = next((s for s in facts.references(Kind.IMAGE, component.id) if s.component == component.id), None)
        return int(version[1]), image.at if image is not None else component.declared[0]
    for dockerfile in component.dockerfiles:
        stages = [
            s for s in facts.definitions(Kind.STAGE) if s.at.path == dockerfile and isinstance(s.detail, StageBuilt)
        ]
        final = next((s for s in stages if isinstance(s.detail, StageBuilt) and s.detail.final), None)
        if final is None or not isinstance(final.detail, StageBuilt):
            continue
        packages = [
            s
            for s in facts.definitions(Kind.PACKAGE)
            if s.at.path == dockerfile
            and isinstance(s.detail, PackageInstalled)
            and s.detail.stage == final.detail.index
        ]
        numbered = [(m, s) for s in packages if (m := _CLIENT.fullmatch(str(s.name)))]
        if numbered:
            return max((int(m[1] or m[2]), s.at) for m, s in numbered)
        if version := _POSTGRES.search(final.detail.base):
            return int(version[1]), final.at
        plain = next((s for s in packages if str(s.name) == "postgresql-client"), None)
        repository = any("pgdg" in str(s.name) or "postgresql-common" in str(s.name) for s in packages)
        if plain is not None and not repository:
            return next(
                ((major, plain.at) for pattern, major in _DISTRIBUTIONS if pattern.search(final.detail.base)), None
            )
    return None


def _compared(
    at: Span, component: Component, client: int, client_at: Span, servers: list[tuple[int, Symbol]]
) -> Finding | Held:
    if any(server <= client for server, _ in servers):
        return Held(at)
    server, symbol = min(servers, key=lambda pair: pair[0])
    sides = [Related(symbol.at, f"{symbol.component} is PostgreSQL {server}")]
    if at not in (client_at, symbol.at):
        sides.append(Related(at, "the dump is made here"))
    return Finding(
        f"{component.id} dumps PostgreSQL {server} with the client of version {client}: `pg_dump` refuses a later server",
        client_at,
        tuple(sides),
        f"Run it in `postgres:{server}`, or install `postgresql-client-{server}`",
        ("pg_dump", str(server)),
        component.id,
    )
