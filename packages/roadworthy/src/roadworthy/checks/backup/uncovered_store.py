"""Backups are made, but one of the stores is in none of them.

After the loss everybody remembers the main database. The second one, or the folder of uploads, is what cannot be
brought back.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    volumes:
      - uploads:/srv/uploads
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
  backup:
    image: prodrigestivill/postgres-backup-local:16
    environment:
      POSTGRES_HOST: db
    volumes:
      - ./backups:/backups
volumes:
  data:
  uploads:
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
    volumes:
      - uploads:/srv/uploads
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
  backup:
    image: prodrigestivill/postgres-backup-local:16
    environment:
      POSTGRES_HOST: db
    volumes:
      - ./backups:/backups
  backup-files:
    image: offen/docker-volume-backup:v2
    volumes:
      - uploads:/backup/uploads:ro
volumes:
  data:
  uploads:
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Add the store to the backup job, or write down why it need not be kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.detail.schedule import BackupRun
from roadworthy.model.detail.volume import DataKept, Mount
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.VOLUME}), effort=Effort.HOURS)

_SAME = {"mariadb": "mysql", "valkey": "redis", "timescaledb": "postgres"}
_PRECIOUS = re.compile(r"upload|media|attachment|document|avatar|user[-_]?files|user[-_]?data", re.IGNORECASE)
_REBUILT = re.compile(r"cache|tmp|temp|static|node_modules|venv|log|socket|sock|prometheus_multiproc", re.IGNORECASE)
_DISKS = ("volume", "claim", "claim-template", "hostpath", "bind")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, where backups are made at all, for a store or a volume of uploads that none of them saves."""
    made = [s for s in facts.details(Kind.JOB, Action.DEFINES, BackupMade) if s.role is FileRole.PROD]
    if not made:
        return
    seen: set[tuple[str, str]] = set()
    beyond = _beyond(facts, made)
    for store in facts.details(Kind.VOLUME, Action.DEFINES, DataKept):
        if store.role is FileRole.PROD and (store.component, str(store.name)) not in seen:
            seen.add((store.component, str(store.name)))
            if store in beyond:
                yield from _uncovered(facts, f"{store.component} ({store.name})", store, made)
            else:
                yield from _store(facts, store, made)
    yield from _uploads(facts, made)


def _store(facts: Facts, store: Symbol, made: list[Symbol]) -> Iterator[Finding | Unknown | Held]:
    product = _SAME.get(str(store.name), str(store.name))
    names = _hosts(facts, store.component)
    for symbol in made:
        backup = symbol.detail
        if not isinstance(backup, BackupMade):
            continue
        if backup.product == "" and _takes_volumes_of(facts, backup, store.component):
            yield Held(store.at)
            return
        if _SAME.get(backup.product, backup.product) == product and (not backup.hosts or names & set(backup.hosts)):
            yield Held(store.at)
            return
    yield from _uncovered(facts, f"{store.component} ({store.name})", store, made)


def _beyond(facts: Facts, made: list[Symbol]) -> list[Symbol]:
    """Return the stores of one deployment and product beyond the number of dumps that could be theirs.

    Where a dump does not say whose it is, it saves one server: two servers need two dumps, or one that is run twice.
    """
    dumps: dict[str, int] = defaultdict(int)
    runs = max(1, sum(1 for s in facts.details(Kind.JOB, Action.REFERS, BackupRun) if _takes_place(s)))
    for symbol in made:
        backup = symbol.detail
        if isinstance(backup, BackupMade) and backup.product:
            if backup.hosts or backup.runs is False:
                return []
            dumps[_SAME.get(backup.product, backup.product)] += runs
    if any(isinstance(s.detail, BackupMade) and not s.detail.product and s.detail.volumes for s in made):
        return []
    stores: dict[tuple[str, str], dict[str, Symbol]] = defaultdict(dict)
    for store in facts.details(Kind.VOLUME, Action.DEFINES, DataKept):
        if store.role is FileRole.PROD:
            product = _SAME.get(str(store.name), str(store.name))
            stores[store.at.path, product].setdefault(store.component, store)
    return [
        store
        for (_, product), found in stores.items()
        if dumps[product] and len(found) > dumps[product]
        for store in sorted(found.values(), key=lambda s: s.at)[dumps[product] :]
    ]


def _takes_place(symbol: Symbol) -> bool:
    return isinstance(symbol.detail, BackupRun) and symbol.detail.active and symbol.role is FileRole.PROD


def _takes_volumes_of(facts: Facts, backup: BackupMade, component: str) -> bool:
    """A tool that saves files covers a store whose volume or folder it is given, or of which nothing is known."""
    if not backup.volumes and not backup.paths:
        return True
    mounts = [
        s.detail
        for s in facts.references(Kind.VOLUME, component)
        if s.component == component and isinstance(s.detail, Mount)
    ]
    if not mounts and not backup.volumes:
        return True
    return any(m.source and m.source in backup.volumes for m in mounts) or any(
        m.target and path.startswith(m.target.rstrip("/")) for m in mounts for path in backup.paths
    )


def _uploads(facts: Facts, made: list[Symbol]) -> Iterator[Finding | Unknown | Held]:
    seen: set[str] = set()
    for symbol in facts.references(Kind.VOLUME):
        mount, component = symbol.detail, facts.component(symbol.component)
        if not isinstance(mount, Mount) or component is None or not component.ours or symbol.role is not FileRole.PROD:
            continue
        if mount.form not in _DISKS or mount.read_only or mount.source in seen or not isinstance(symbol.name, Exact):
            continue
        text = f"{mount.source} {mount.target}"
        if not _PRECIOUS.search(text) or _REBUILT.search(text):
            continue
        seen.add(mount.source)
        if any(_saves(s, mount) for s in made):
            yield Held(symbol.at)
        else:
            yield from _uncovered(facts, f"the volume `{mount.source}` at {mount.target}", symbol, made)


def _saves(symbol: Symbol, mount: Mount) -> bool:
    backup = symbol.detail
    if not isinstance(backup, BackupMade) or backup.product:
        return False
    if not backup.volumes and not backup.paths:
        return True
    return mount.source in backup.volumes or any(path.startswith(mount.target.rstrip("/")) for path in backup.paths)


def _uncovered(facts: Facts, what: str, at: Symbol, made: list[Symbol]) -> Iterator[Finding | Unknown]:
    for opening in facts.openings(Kind.JOB):
        yield Unknown(f"whether {what} is backed up: {opening.reason}", opening.at)
        return
    yield Finding(
        f"no backup saves {what}",
        at.at,
        tuple(dict.fromkeys(Related(s.at, f"{s.name} saves {_saved(s)}") for s in made)),
        f"Add {what} to a backup",
        (at.component, str(at.name)),
        at.component,
    )


def _saved(symbol: Symbol) -> str:
    if not isinstance(symbol.detail, BackupMade):
        return "something else"
    hosts = ", ".join(symbol.detail.hosts)
    return (symbol.detail.product or "files") + (f" at {hosts}" if hosts else "")


def _hosts(facts: Facts, component: str) -> set[str]:
    found = {component}
    for symbol in facts.definitions(Kind.HOST):
        if getattr(symbol.detail, "component", None) == component:
            found.add(str(symbol.name))
    return found
