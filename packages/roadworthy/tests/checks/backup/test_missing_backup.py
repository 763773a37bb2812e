"""Whether anything makes backups."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "backup/missing-backup"
_STORE = "services:\n  api:\n    build: .\n  db:\n    image: postgres:16\n    volumes: ['d:/var/lib/postgresql/data']\nvolumes: {d: {}}\n"
_FILES = {"compose.yaml": _STORE, "Dockerfile": "FROM python:3.12\nCMD x\n"}


def test_a_store_without_a_dump_is_found() -> None:
    assert inspected(_FILES, _RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "line",
    [
        "pg_dump -Fc app > /backups/app.dump",
        "docker compose exec -T db pg_dump -U app app | gzip > x.gz",
        "restic -r s3:x backup /data",
        "pgbackrest --stanza=main backup",
    ],
)
def test_a_script_that_dumps_is_a_backup_where_something_starts_it(line: str) -> None:
    script = {"scripts/backup.sh": f"#!/bin/sh\nset -eu\n{line}\n"}
    nightly = "  backup:\n    image: backup-tools:1\n    command: [crond-once, /scripts/backup.sh]\nvolumes:"
    started = {"compose.yaml": _STORE.replace("volumes: {d", f"{nightly} {{d")}

    assert inspected(_FILES | script, _RULE).outcome is Outcome.INCONCLUSIVE
    assert inspected(_FILES | script | started, _RULE).outcome is Outcome.PASSED


def test_a_suspended_cron_job_makes_no_backup() -> None:
    job = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dump}\nspec:\n  schedule: '0 3 * * *'\n  suspend: true\n"
        "  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n"
        "            - {name: dump, image: 'postgres:16', command: [sh, -c, 'pg_dump $DATABASE_URL > /b/x']}\n"
    )

    assert inspected(_FILES | {"k8s/dump.yaml": job}, _RULE).outcome is not Outcome.PASSED


def test_a_script_that_restores_is_none() -> None:
    text = "#!/bin/sh\nset -eu\npg_restore -d app /backups/app.dump\n"

    assert inspected(_FILES | {"scripts/restore.sh": text}, _RULE).outcome is Outcome.FAILED


def test_a_document_that_promises_backups_is_none() -> None:
    text = "# Backups\n\nEvery night:\n\n```sh\npg_dump app > app.dump\n```\n"

    assert inspected(_FILES | {"README.md": text}, _RULE).outcome is Outcome.FAILED


def test_a_cron_job_that_dumps_is_a_backup() -> None:
    job = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dump}\nspec:\n  schedule: '0 3 * * *'\n  jobTemplate:\n"
        "    spec:\n      template:\n        spec:\n          containers:\n"
        "            - {name: dump, image: 'postgres:16', command: [sh, -c, 'pg_dump $DATABASE_URL > /b/x']}\n"
    )

    assert inspected(_FILES | {"k8s/dump.yaml": job}, _RULE).outcome is Outcome.PASSED


def test_a_store_that_is_run_elsewhere_cannot_be_told() -> None:
    files = {
        "compose.yaml": "services:\n  api:\n    build: .\n    environment: {DATABASE_URL: 'postgresql://a@db.example.org/a'}\n",
        "Dockerfile": "FROM python:3.12\nCOPY . .\nCMD [python, app.py]\n",
        "app.py": "x = 1\n",
    }

    assert inspected(files, _RULE).outcome is Outcome.INCONCLUSIVE


def test_a_service_without_a_store_needs_none() -> None:
    files = {"compose.yaml": "services:\n  api:\n    build: .\n", "Dockerfile": "FROM python:3.12\nCMD x\n"}

    assert inspected(files, _RULE).outcome is Outcome.NOT_APPLICABLE
