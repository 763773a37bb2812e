"""A store keeps its data where they end with the container.

The next release, the next restart of the node, the next `docker compose down` starts with an empty database.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
  db:
    image: postgres:16
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

Mount a named volume (compose) or a claim (Kubernetes: a StatefulSet with `volumeClaimTemplates`) where the image keeps
its data.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.volume import DataKept, Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.DANGEROUS, Family.STORE, since="0.1", needs=frozenset({Kind.VOLUME}))

_LASTING = frozenset({"volume", "bind", "claim", "claim-template", "hostpath"})
_SETTINGS = re.compile(
    r".*(\.\w{2,5}$|initdb\.d|/etc/|/conf(ig)?(/|$)|/scripts?(/|$)|/certs?(/|$)|/backups?(/|$)|/tmp(/|$)).*"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, in each deployment of a store, for a lasting volume where its image keeps data."""
    for workload in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        if workload.role is not FileRole.PROD or not isinstance(workload.detail, Workload) or workload.detail.one_shot:
            continue
        kept = [
            s
            for s in facts.definitions(Kind.VOLUME, workload.component)
            if s.component == workload.component and isinstance(s.detail, DataKept) and s.at.path == workload.at.path
        ]
        if kept and workload.detail.image:
            yield from _deployment(facts, workload, kept[0])


def _deployment(facts: Facts, workload: Symbol, kept: Symbol) -> Iterator[Finding | Unknown | Held]:
    folders = kept.detail.folders if isinstance(kept.detail, DataKept) else ()
    mounts = [
        (s, s.detail)
        for s in facts.references(Kind.VOLUME, workload.component)
        if s.component == workload.component and isinstance(s.detail, Mount) and s.at.path == workload.at.path
    ]
    holding = [(s, m) for s, m in mounts if any(_covers(m.target, folder) for folder in folders)]
    opening = next(iter(facts.openings(Kind.VOLUME, workload.component)), None)
    if any(m.form in _LASTING for _, m in holding):
        yield Held(workload.at)
    elif opening is not None:
        yield Unknown(f"where {workload.name} keeps its data: {opening.reason}", opening.at)
    elif beside := next((s for s, m in mounts if m.form in _LASTING and _nearly(m.target, folders)), None):
        yield Finding(
            f"{workload.name} keeps the data of {kept.name} in {folders[0]}, and the volume is mounted beside it: they are "
            "lost with the container",
            workload.at,
            (Related(beside.at, "another folder"),),
            f"Mount the volume at {folders[0]}",
            (str(workload.name), str(kept.name)),
            workload.component,
        )
    elif unclear := [s for s, m in mounts if m.form in _LASTING and ("*" in m.target or not _SETTINGS.match(m.target))]:
        yield Unknown(f"whether {workload.name} keeps its data in the folder that is mounted", unclear[0].at)
    elif any(m.form in ("other", "anonymous") and (s, m) in holding for s, m in mounts) and _managed(workload):
        yield Unknown(f"what the volume of {workload.name} is", holding[0][0].at)
    else:
        short = next(((s, m) for s, m in holding), None)
        why = f"in {_said(short[1])} at {short[1].target}" if short else f"in the container itself ({folders[0]})"
        yield Finding(
            f"{workload.name} keeps the data of {kept.name} {why}: they are lost with it",
            workload.at,
            (Related(short[0].at, "ends with the container"),)
            if short
            else (Related(kept.at, f"keeps data in {folders[0]}"),),
            f"Mount a volume that lasts at {folders[0]}",
            (str(workload.name), str(kept.name)),
            workload.component,
        )


def _managed(workload: Symbol) -> bool:
    return isinstance(workload.detail, Workload) and workload.detail.artifact == "kubernetes"


def _covers(target: str, folder: str) -> bool:
    one, other = target.rstrip("/") + "/", folder.rstrip("/") + "/"
    return one.startswith(other) or other.startswith(one)


def _nearly(target: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a folder is a misspelling of one in which the image keeps data: a neighbour with almost its name."""
    parent, _, name = target.rstrip("/").rpartition("/")
    for folder in folders:
        above, _, meant = folder.rpartition("/")
        if above and parent == above and len(name) > 3 and (meant.startswith(name) or name.startswith(meant)):
            return True
    return False


def _said(mount: Mount) -> str:
    return {"emptydir": "an emptyDir", "tmpfs": "memory", "anonymous": "a nameless volume"}.get(mount.form, mount.form)
