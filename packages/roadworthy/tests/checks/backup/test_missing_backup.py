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


_CODED = {
    "ops/dump.py": "import subprocess\n\ndef main():\n    subprocess.run(['pg_dump', '-Fc', 'app'], check=True, timeout=60)\n"
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ops/dump.py", _CODED["ops/dump.py"]),
        ("scripts/dump.py", _CODED["ops/dump.py"]),
        ("app/cli.py", "def dump():\n    from sh import pg_dump\n    pg_dump('-f', 'x')\n"),
        ("tools_of/dump.ts", "import { spawn } from 'node:child_process';\nspawn('pg_dump', ['-Fc']);\n"),
    ],
)
def test_code_that_dumps_is_a_backup_nobody_was_seen_to_start(path: str, text: str) -> None:
    assert inspected(_FILES | {path: text}, _RULE).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("command", ["[python, -m, ops.dump]", "[python, ops/dump.py]"])
def test_code_that_dumps_is_a_backup_where_something_starts_it(command: str) -> None:
    nightly = f"  backup:\n    build: .\n    command: {command}\nvolumes:"
    started = {"compose.yaml": _STORE.replace("volumes: {d", f"{nightly} {{d")}

    assert inspected(_FILES | _CODED | started, _RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize("text", ["# subprocess: pg_dump is not ours\n", "TOOLS = {'pg_dump': 1}  # subprocess\n"])
def test_code_that_only_names_a_tool_is_none(text: str) -> None:
    assert inspected(_FILES | {"ops/dump.py": text}, _RULE).outcome is Outcome.FAILED


def test_backup_script_that_runs_something_computed_cannot_be_told() -> None:
    script = '#!/bin/sh\nset -eu\ncmd="backup $1"\n. scripts/_lib.sh\n$cmd\n'

    assert inspected(_FILES | {"scripts/backup.sh": script}, _RULE).outcome is Outcome.INCONCLUSIVE


def test_backup_script_that_only_speaks_is_none() -> None:
    assert inspected(_FILES | {"scripts/backup.sh": "#!/bin/sh\necho done\n"}, _RULE).outcome is Outcome.FAILED


def test_script_that_copies_the_data_out_of_the_container_is_a_backup_nobody_was_seen_to_start() -> None:
    script = '#!/bin/bash\ndocker cp "$ID:/var/lib/postgresql/data/." "$BACKUP_FOLDER/"\n'

    assert inspected(_FILES | {"install.sh": script}, _RULE).outcome is Outcome.INCONCLUSIVE


def test_script_that_copies_into_the_container_is_none() -> None:
    script = '#!/bin/bash\ndocker cp backup.conf "$ID:/etc/"\n'

    assert inspected(_FILES | {"install.sh": script}, _RULE).outcome is Outcome.FAILED


def test_store_of_developers_says_nothing_of_the_one_in_production() -> None:
    mounted = _STORE.replace("    build: .\n", "    build: .\n    volumes: ['.:/srv']\n")

    assert inspected(_FILES | {"compose.yaml": mounted}, _RULE).outcome is Outcome.INCONCLUSIVE


def test_store_that_an_overlay_for_production_adds_to_counts() -> None:
    overlay = "services:\n  api:\n    restart: always\n  db:\n    restart: always\n"

    assert inspected(_FILES | {"compose.prod.yaml": overlay}, _RULE).outcome is Outcome.FAILED
