"""What a backup script does wrong, in the ways in which people write such scripts."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

COMPOSE = """services:
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
"""
CRON = "0 3 * * * /srv/scripts/backup.sh\n"
GOOD = """#!/bin/bash
set -euo pipefail
dump="/backups/$(date +%F).dump"
pg_dump --format=custom "$DATABASE_URL" --file="$dump"
pg_restore --list "$dump" > /dev/null
gpg --encrypt --recipient ops "$dump"
aws s3 cp "$dump.gpg" s3://acme-backups/
find /backups -name '*.dump' -mtime +7 -delete
curl -fsS "$PING_URL"
"""


def outcome(rule: str, script: str, **more: str) -> Outcome:
    files = {"compose.yaml": COMPOSE, "deploy/crontab": CRON, "scripts/backup.sh": script} | more
    return inspected(files, f"backup/{rule}").outcome


@pytest.mark.parametrize(
    "rule",
    ["silent-backup-failure", "premature-retention", "unverified-backup", "plaintext-backup", "unscheduled-backup"],
)
def test_a_careful_script_breaks_nothing(rule: str) -> None:
    assert outcome(rule, GOOD) is Outcome.PASSED


@pytest.mark.parametrize(
    "script",
    [
        GOOD.replace('--file="$dump"', '| gzip > "$dump"').replace("-euo pipefail", "-eu"),
        GOOD.replace('--file="$dump"', '--file="$dump" || true'),
        GOOD.replace('--file="$dump"', '--file="$dump" || echo failed'),
        GOOD.replace("set -euo pipefail\n", ""),
        "#!/bin/sh\nif pg_dump x > /b/x; then echo good; else echo bad; fi\nexit 0\n",
        "#!/bin/bash\nset -e\nmake_dump() {\n  pg_dump x | gzip > /b/x\n}\nmake_dump\n",
        "#!/bin/sh\nset -e\ndocker compose exec -T db sh -c 'pg_dump x | gzip' > /b/x.gz\n",
        "#!/bin/sh\nfor name in a b; do\n  mysqldump $name > /b/$name.sql\ndone\n",
    ],
)
def test_a_failure_that_nobody_learns_of_is_found(script: str) -> None:
    assert outcome("silent-backup-failure", script) is Outcome.FAILED


@pytest.mark.parametrize(
    "script",
    [
        GOOD.replace('--file="$dump"', '| gzip > "$dump"'),
        GOOD.replace('--file="$dump"', '--file="$dump" || { echo failed >&2; exit 1; }'),
        "#!/bin/sh\npg_dump x > /b/x || die 'no dump'\necho done\n",
        "#!/bin/sh\nif ! pg_dump x > /b/x; then\n  echo bad >&2\n  exit 1\nfi\necho good\n",
        "#!/bin/sh\npg_dump x > /b/x && gzip /b/x\n",
        "#!/bin/bash\npg_dump x | gzip > /b/x\n[ ${PIPESTATUS[0]} -eq 0 ] || exit 1\n",
        "#!/bin/bash\ntrap 'notify; exit 1' ERR\npg_dump x > /b/x\necho done\n",
    ],
)
def test_a_failure_that_ends_the_script_is_none(script: str) -> None:
    assert outcome("silent-backup-failure", script) is Outcome.PASSED


def test_words_about_a_dump_are_no_dump() -> None:
    script = '#!/bin/sh\necho "run pg_dump first"\nlog "mysqldump failed" || true\n'

    assert outcome("silent-backup-failure", script) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "script",
    [
        GOOD.replace("pg_dump", "find /backups -mtime +7 -delete\npg_dump", 1),
        GOOD.replace("pg_dump", "rm -f /backups/*.dump\npg_dump", 1),
        GOOD.replace("pg_restore", "ls -t /backups | tail -n +8 | xargs rm -f\npg_restore"),
    ],
)
def test_deleting_before_the_new_dump_is_good_is_found(script: str) -> None:
    assert outcome("premature-retention", script) is Outcome.FAILED


def test_clearing_a_work_folder_first_is_no_retention() -> None:
    script = GOOD.replace("pg_dump", 'rm -rf "$WORK_DIR"/tmp/*\npg_dump', 1)

    assert outcome("premature-retention", script) is Outcome.PASSED


def test_a_dump_that_nothing_reads_back_is_found() -> None:
    assert outcome("unverified-backup", GOOD.replace('pg_restore --list "$dump" > /dev/null\n', "")) is Outcome.FAILED


@pytest.mark.parametrize("check", ["gzip -t x.gz", "sha256sum --check x.sha256", "restic check", "tar -tzf x.tgz"])
def test_any_way_of_reading_back_counts(check: str) -> None:
    script = GOOD.replace('pg_restore --list "$dump" > /dev/null', check)

    assert outcome("unverified-backup", script) is Outcome.PASSED


def test_a_dump_that_is_sent_as_it_is_is_found() -> None:
    plain = GOOD.replace('gpg --encrypt --recipient ops "$dump"\n', "").replace("$dump.gpg", "$dump")

    assert outcome("plaintext-backup", plain) is Outcome.FAILED
    assert outcome("plaintext-backup", plain.replace("s3 cp", "s3 cp --sse aws:kms")) is Outcome.PASSED
    assert outcome("plaintext-backup", "#!/bin/sh\nrestic backup /srv/data\n") is Outcome.PASSED


def test_a_plain_dump_that_is_decrypted_on_the_way_back_is_found() -> None:
    plain = "#!/bin/bash\nset -e\npg_dump x --file=/backups/x\n"
    restore = "#!/bin/bash\nset -e\ngpg --decrypt /backups/x.gpg | psql x\n"

    assert outcome("plaintext-backup", plain, **{"scripts/restore.sh": restore}) is Outcome.FAILED
    assert outcome("plaintext-backup", plain) is Outcome.PASSED
