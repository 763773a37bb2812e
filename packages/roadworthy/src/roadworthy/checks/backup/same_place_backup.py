"""A backup lies where the data lies.

The disk that dies, the volume somebody removes and the container that is replaced take the backup along with the data.

## Fails

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
      - data:/backups
volumes:
  data:
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

Write to a volume of its own, and send a copy to another machine: an object store, another region, another account.
"""

import re
from collections.abc import Iterator

from roadworthy.model.backups import Script, backups
from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.volume import DataKept, Mount
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.VOLUME}))

_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?-([^}$]*))?\}|\$([A-Za-z_]\w*)")
_DISKS = frozenset({"volume", "claim", "bind", "hostpath", "claim-template"})
_LOST = {"emptydir": "an emptyDir, which goes with the pod", "tmpfs": "memory"}
_RUNNING = frozenset({"cronjob", "job", "compose", "process"})
_WRITES = frozenset({"dump", "encrypt", "write"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Follow where each backup is written, and compare the place with that of the stores."""
    stores = _stores(facts)
    for backup in backups(facts):
        sent = backup.does("upload")
        if sent is not None:
            yield Held(sent.at)
        else:
            yield _place(facts, backup, stores)
    for symbol in facts.details(Kind.JOB, Action.DEFINES, BackupMade):
        if isinstance(symbol.detail, BackupMade) and symbol.role is FileRole.PROD and symbol.detail.product:
            yield from _of_image(facts, symbol, stores)


def _stores(facts: Facts) -> list[tuple[Symbol, Symbol, Mount]]:
    """Return the mounts of every store, with what it keeps."""
    kept: dict[str, Symbol] = {}
    for symbol in facts.details(Kind.VOLUME, Action.DEFINES, DataKept):
        kept.setdefault(symbol.component, symbol)
    return [
        (kept[s.component], s, s.detail)
        for s in facts.references(Kind.VOLUME)
        if isinstance(s.detail, Mount) and s.component in kept and s.detail.form in _DISKS and s.detail.source
    ]


def _place(facts: Facts, backup: Script, stores: list[tuple[Symbol, Symbol, Mount]]) -> Finding | Unknown | Held:
    dump = backup.dumps[0]
    written = [target for step in backup.whole if step.act in _WRITES for target in step.targets]
    inside = _in_data_folder(facts, backup, written)
    if inside is not None:
        return inside
    components = list(dict.fromkeys(run.component for _, run in backup.active if run.component and run.by in _RUNNING))
    if not written or (not components and not backup.symbol.component):
        return Held(dump.at) if not written else Unknown(f"on which disk {backup.name} writes", dump.at)
    component = components[0] if components else backup.symbol.component
    given = _given(facts, component)
    paths = [path for target in written if (path := _resolved(target, given)).startswith("/")]
    if not paths:
        return Unknown(f"where {backup.name} writes", dump.at)
    mounts = [s for s in facts.references(Kind.VOLUME, component) if s.component == component]
    found = [(path, mount) for path in paths if (mount := _mount(mounts, path)) is not None]
    for path, symbol in found:
        other = next((store for store in stores if _shared(symbol, store[1])), None)
        if other is not None:
            return _finding(backup, path, symbol, other)
    if any(isinstance(s.detail, Mount) and s.detail.form not in _LOST for _, s in found):
        return Held(dump.at)
    if any(not isinstance(s.detail, Mount) for _, s in found) or facts.openings(Kind.VOLUME, component):
        return Unknown(f"on which disk {backup.name} writes", dump.at)
    lost = next((s for _, s in found), None)
    detail = lost.detail if lost is not None else None
    where = _LOST[detail.form] if isinstance(detail, Mount) else "the container's own layer, which goes with it"
    final = paths[-1]
    return Finding(
        f"{backup.name} writes to {final}, which is {where}",
        dump.at,
        (*((Related(lost.at, "mounted here"),) if lost is not None else ()), *_declared(facts, backup, component)),
        "Mount a volume of its own there, and send a copy elsewhere",
        (final.rpartition("/")[0], "lost"),
        component,
    )


def _declared(facts: Facts, backup: Script, component: str) -> tuple[Related, ...]:
    started = backup.started()
    found = facts.component(component)
    if started or found is None or not found.declared:
        return started
    return (Related(found.declared[0], f"{component} has no volume for it"),)


def _in_data_folder(facts: Facts, backup: Script, written: list[str]) -> Finding | None:
    for symbol in facts.details(Kind.VOLUME, Action.DEFINES, DataKept):
        kept = symbol.detail
        for path in written:
            if isinstance(kept, DataKept) and any(path.startswith(folder + "/") for folder in kept.folders):
                return Finding(
                    f"{backup.name} writes to {path.rpartition('/')[0]}, the folder in which {kept.product} keeps its data",
                    backup.dumps[0].at,
                    (Related(symbol.at, f"{symbol.component} keeps its data there"), *backup.started()),
                    "Write to a volume of its own, and send a copy elsewhere",
                    (symbol.component, "data"),
                    symbol.component,
                )
    return None


def _finding(backup: Script, path: str, mount: Symbol, store: tuple[Symbol, Symbol, Mount]) -> Finding:
    kept, other, detail = store
    return Finding(
        f"{backup.name} writes to {path.rpartition('/')[0] or '/'} on `{detail.source}`, the same volume on which "
        f"{kept.component} keeps its data",
        mount.at,
        (
            Related(other.at, f"{kept.component} keeps its data here"),
            Related(backup.dumps[0].at, "the backup is made here"),
            *backup.started(),
        ),
        "Give the backups a volume of their own, and send a copy elsewhere",
        (detail.source, kept.component),
        mount.component,
    )


def _of_image(
    facts: Facts, symbol: Symbol, stores: list[tuple[Symbol, Symbol, Mount]]
) -> Iterator[Finding | Unknown | Held]:
    """Look at the writable volumes of an image that is made for dumps."""
    if symbol.at not in {s.at for s in facts.references(Kind.IMAGE)}:
        return
    for mount in facts.references(Kind.VOLUME, symbol.component):
        if mount.component != symbol.component or not isinstance(mount.detail, Mount) or mount.detail.read_only:
            continue
        other = next((store for store in stores if _shared(mount, store[1])), None)
        if other is not None:
            yield Finding(
                f"{symbol.component} writes its backups to `{mount.detail.source}`, on which {other[0].component} keeps its data",
                mount.at,
                (Related(other[1].at, f"{other[0].component} keeps its data here"),),
                "Give the backups a volume of their own, and send a copy elsewhere",
                (mount.detail.source, other[0].component),
                symbol.component,
            )
            return
    yield Held(symbol.at)


def _shared(one: Symbol, other: Symbol) -> bool:
    """Tell whether two mounts are on one volume, claim or folder of the host."""
    a, b = one.detail, other.detail
    if not isinstance(a, Mount) or not isinstance(b, Mount) or a.form != b.form or "*" in a.source + b.source:
        return False
    if one.component == other.component or a.form not in _DISKS or not a.source:
        return False
    if a.form in ("volume", "claim", "claim-template"):
        return a.source == b.source and (a.form != "volume" or one.at.path == other.at.path)
    first, second = a.source.rstrip("/") + "/", b.source.rstrip("/") + "/"
    return one.at.path == other.at.path and (first.startswith(second) or (second.startswith(first) and first != "./"))


def _mount(mounts: list[Symbol], path: str) -> Symbol | None:
    found = [
        s
        for s in mounts
        if isinstance(s.detail, Mount)
        and (path + "/").startswith(s.detail.target.rstrip("/") + "/")
        and s.detail.target
    ]
    return max(found, key=lambda s: len(s.detail.target) if isinstance(s.detail, Mount) else 0, default=None)


def _given(facts: Facts, component: str) -> dict[str, str]:
    """Return the values of a component's variables, those of ConfigMaps too."""
    keys = {
        str(s.name): s.detail.value
        for s in facts.definitions(Kind.SECRET_KEY)
        if isinstance(s.detail, ObjectKey) and s.detail.object == "ConfigMap" and s.detail.value is not None
    }
    found: dict[str, str] = {}
    for symbol in facts.definitions(Kind.ENVIRONMENT, component):
        given = symbol.detail
        if symbol.component == component and isinstance(given, EnvironmentGiven):
            value = given.value if given.value is not None else keys.get(given.source)
            if value is not None:
                found[str(symbol.name)] = value
    return found


def _resolved(target: str, given: dict[str, str]) -> str:
    """Put the values of variables into a path; what is computed becomes a star."""
    while "$(" in target:
        start = target.index("$(")
        depth, end = 0, start + 1
        for end in range(start + 1, len(target)):
            depth += {"(": 1, ")": -1}.get(target[end], 0)
            if depth == 0:
                break
        target = target[:start] + "*" + target[end + 1 :]
    return _VARIABLE.sub(lambda m: given.get(m[1] or m[3], m[2] or "*"), target)
