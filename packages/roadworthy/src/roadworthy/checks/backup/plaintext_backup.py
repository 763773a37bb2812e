"""A dump leaves the house unencrypted.

It holds everything the database holds, without any of its access control: whoever reads the bucket or the disk reads it
all.

## Fails

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/tmp/orders.dump
pg_restore --list /tmp/orders.dump > /dev/null
aws s3 cp /tmp/orders.dump s3://acme-backups/
```

## Passes

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file=/tmp/orders.dump
pg_restore --list /tmp/orders.dump > /dev/null
gpg --encrypt --recipient ops@example.org --output /tmp/orders.dump.gpg /tmp/orders.dump
aws s3 cp /tmp/orders.dump.gpg s3://acme-backups/
```

## Repair

Encrypt before sending: `age -r`, `gpg --encrypt`, restic, or at least the store's own encryption with a key of yours
(`--sse aws:kms`). Keep the key elsewhere than the backups.
"""

from collections.abc import Iterator

from roadworthy.model.backups import Script, backups, scripts
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a step that encrypts before one that sends away, and for what decrypts on the way back."""
    every = scripts(facts)
    for backup in backups(facts):
        yield _backup(backup, every)


def _backup(backup: Script, every: list[Script]) -> Finding | Held:
    dump = backup.dumps[0]
    encrypted = backup.does("encrypt")
    if encrypted is not None:
        return Held(encrypted.at)
    sent = backup.does("upload")
    decrypts = next((step for one in every for step in one.steps.of("decrypt") if one is not backup), None)
    if sent is not None:
        return Finding(
            f"{backup.name} sends what `{dump.tool}` writes away unencrypted",
            sent.at,
            (
                *((Related(dump.at, "the dump is made here"),) if dump.at != sent.at else ()),
                *((Related(decrypts.at, "what restores it expects it encrypted"),) if decrypts is not None else ()),
                *backup.started(),
            ),
            "Encrypt the dump before it is sent (`age -r`, `gpg --encrypt`), or use restic",
            (dump.tool, sent.tool),
            backup.symbol.component,
        )
    if decrypts is not None:
        return Finding(
            f"{backup.name} writes plain dumps, and what restores them decrypts",
            dump.at,
            (Related(decrypts.at, "here a dump is decrypted"), *backup.started()),
            "Encrypt the dump in the way in which it is decrypted",
            (dump.tool, decrypts.tool),
            backup.symbol.component,
        )
    return Held(dump.at)
