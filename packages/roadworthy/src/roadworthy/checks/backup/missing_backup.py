"""A store is deployed and nothing makes a backup of any.

Disks fail, migrations go wrong, people drop tables. Without a copy elsewhere the data is gone for good.

## Fails

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

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
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
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Schedule a dump of every store (a CronJob, a sidecar, a timer) that is kept elsewhere, and restore it regularly.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.backup import BackupMade, BackupSteps
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.exposure import ForDevelopment
from roadworthy.model.detail.volume import DataKept
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB}), presence=True, effort=Effort.HOURS)


_OBJECTS = re.compile(r"(?:aws s3|s3cmd|s5cmd|gsutil|gcloud storage|az storage|mc|rclone)\b")
_NAMED = re.compile(r"(?:^|/)(?![\w-]*(?:restor|verif|check|prune|test))[\w-]*backup[\w-]*(?:\.sh)?$", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for anything that makes backups where the service has a store."""
    if not facts.shape.store:
        return
    made = [s for s in facts.details(Kind.JOB, Action.DEFINES, BackupMade) if s.role is FileRole.PROD]
    copies = [s for s in made if _copies_objects(s)]
    made = [s for s in made if s not in copies]
    started = [s for s in made if isinstance(s.detail, BackupMade) and s.detail.runs]
    for symbol in started:
        yield Held(symbol.at)
    if started:
        return
    if made:
        yield Unknown(
            f"whether anything runs the `{made[0].name}` of {made[0].at.path}: nothing here starts it", made[0].at
        )
        return
    aside = {str(s.name) for s in facts.details(Kind.SETTING, Action.DEFINES, ForDevelopment)}
    kept = [s for s in facts.details(Kind.VOLUME, Action.DEFINES, DataKept) if s.role is FileRole.PROD]
    stores = [s for s in kept if s.at.path not in aside]
    if not stores:
        place = next((c.declared[0] for c in facts.components if c.ours), None)
        if place is not None:
            yield Unknown("whether the store is backed up: it is not deployed from this repository", place)
        return
    unread = _unread_script(facts)
    if unread is not None:
        yield Unknown(f"whether {unread.at.path} makes backups: what it runs is computed", unread.at)
        return
    for opening in facts.openings(Kind.JOB):
        yield Unknown(f"whether something makes backups: {opening.reason}", opening.at)
        return
    names = ", ".join(sorted({f"{s.component} ({s.name})" for s in stores}))
    yield Finding(
        f"nothing makes a backup of {names}",
        stores[0].at,
        (
            *(Related(s.at, f"{s.component} keeps data") for s in stores[1:]),
            *(Related(s.at, f"`{s.name}` copies objects, and no database") for s in copies[:1]),
        ),
        f"Schedule a dump of {stores[0].component}, keep it elsewhere, and try to restore it",
        tuple(sorted({s.component for s in stores})),
    )


def _copies_objects(symbol: Symbol) -> bool:
    """Tell whether a backup copies the objects of a bucket: that saves no database."""
    made = symbol.detail
    return isinstance(made, BackupMade) and not made.product and _OBJECTS.match(str(symbol.name)) is not None


def _unread_script(facts: Facts) -> Symbol | None:
    """Return the program that cannot be told in a script called a backup."""
    named = {s.at.path for s in facts.details(Kind.JOB, Action.REFERS, BackupSteps) if _NAMED.search(s.at.path)}
    return next(
        (
            s
            for s in facts.references(Kind.COMMAND)
            if s.at.path in named
            and s.role is FileRole.PROD
            and isinstance(s.detail, CommandUse)
            and s.detail.words
            and s.detail.words[0].startswith("$")
        ),
        None,
    )
