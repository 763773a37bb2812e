"""Nothing looks whether a backup can be read.

A dump of zero bytes, cut off at a full disk, or of an empty database is stored as carefully as a good one.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/backups/orders.dump
pg_restore --list /backups/orders.dump > /dev/null
```

## Repair

Read the dump back after writing it: `pg_restore --list`, `gzip -t`, `restic check`, `sha256sum -c`. Better still, restore it
every week into an empty server and compare.
"""

from collections.abc import Iterator

from roadworthy.model.backups import Script, backups, scripts
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB}), effort=Effort.HOURS)

_REPAIRS = {
    "postgres": "Run `pg_restore --list` over the dump (`gzip -t` for plain SQL) before keeping it",
    "mongodb": "Run `mongorestore --dryRun` over the archive before keeping it",
    "": "Run the tool's own check (`restic check`, `borg check`, `tar -t`) after the backup",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a step that reads the dump back, in the script or in another one that is run."""
    every = scripts(facts)
    elsewhere = [s for s in every if not s.dumps and s.active and (s.does("verify") or s.does("restore"))]
    for backup in backups(facts):
        verified = backup.does("verify", "restore")
        if verified is not None:
            yield Held(verified.at)
        elif elsewhere:
            yield Held(elsewhere[0].symbol.at)
        else:
            yield _finding(backup)


def _finding(backup: Script) -> Finding:
    dump = backup.dumps[0]
    kept = backup.does("upload")
    return Finding(
        f"{backup.name} stores what `{dump.tool}` writes without reading it back",
        dump.at,
        (
            *((Related(kept.at, "it is sent away unchecked"),) if kept is not None and kept.at != dump.at else ()),
            *backup.started(),
        ),
        _REPAIRS.get(dump.product, "Check the dump (`gzip -t`, a row count, a size) before keeping it"),
        (dump.tool, "verify"),
        backup.symbol.component,
    )
