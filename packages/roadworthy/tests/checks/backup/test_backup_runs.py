"""Who runs a backup, where it is written, what it is given, and who would miss it."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

SCRIPT = '#!/bin/bash\nset -euo pipefail\npg_dump --format=custom "${DATABASE_URL:?}" --file="$BACKUP_DIR/x.dump"\n'
DOCKERFILE = "FROM postgres:16\nCOPY scripts/backup.sh /opt/backup.sh\n"
DB = "  db:\n    image: postgres:16\n    volumes: ['data:/var/lib/postgresql/data']\n"
BACKUP = """  backup:
    build: .
    command: ["/opt/backup.sh"]
    environment:
      DATABASE_URL: postgresql://a@db/a
      BACKUP_DIR: /backups
    volumes: ['backups:/backups']
"""
FILES = {
    "compose.yaml": f"services:\n{DB}{BACKUP}volumes: {{data: {{}}, backups: {{}}}}\n",
    "scripts/backup.sh": SCRIPT,
    "Dockerfile": DOCKERFILE,
}
JOB = """apiVersion: batch/v1
kind: CronJob
metadata: {name: orders-backup}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: backup
              image: postgres:16
              command: [sh, -ec, "pg_dump $DATABASE_URL --file=/backups/x.dump"]
              volumeMounts: [{name: out, mountPath: /backups}]
          volumes: [{name: out, persistentVolumeClaim: {claimName: CLAIM}}]
"""
STORE = """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:16
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
"""


def outcome(rule: str, files: dict[str, str]) -> Outcome:
    return inspected(files, f"backup/{rule}").outcome


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path]
    return FILES | {path: FILES[path].replace(old, new)}


def test_a_backup_on_a_volume_of_its_own_with_all_it_needs_holds() -> None:
    for rule in ("same-place-backup", "unprovided-backup-variable", "missing-backup-tool", "unscheduled-backup"):
        assert outcome(rule, FILES) is Outcome.PASSED, rule


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("backups:/backups", "data:/backups"),
        ("    volumes: ['backups:/backups']\n", ""),
        ("BACKUP_DIR: /backups", "BACKUP_DIR: /var/lib/postgresql/data/backups"),
        ("BACKUP_DIR: /backups", "BACKUP_DIR: /srv/elsewhere"),
    ],
)
def test_a_backup_beside_the_data_or_in_the_container_is_found(old: str, new: str) -> None:
    result = inspected(changed("compose.yaml", old, new), "backup/same-place-backup")

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].related


def test_one_claim_for_data_and_backups_is_found() -> None:
    broken = {"k8s/db.yaml": STORE, "k8s/backup.yaml": JOB.replace("CLAIM", "data")}
    sound = {"k8s/db.yaml": STORE, "k8s/backup.yaml": JOB.replace("CLAIM", "backups")}

    assert outcome("same-place-backup", broken) is Outcome.FAILED
    assert outcome("same-place-backup", sound) is Outcome.PASSED


@pytest.mark.parametrize("name", ["DATABASE_URL", "BACKUP_DIR"])
def test_a_variable_the_job_does_not_give_is_found_with_both_sides(name: str) -> None:
    result = inspected(changed("compose.yaml", f"      {name}:", "      OTHER:"), "backup/unprovided-backup-variable")

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].related[0].at.path == "compose.yaml"


def test_a_variable_with_a_default_or_one_that_is_asked_for_is_not_needed() -> None:
    script = SCRIPT.replace("$BACKUP_DIR", "${BACKUP_DIR:-/backups}")
    asked = script.replace("set -euo", "set -eo") + '[ -n "$S3_BUCKET" ] && aws s3 cp x "s3://$S3_BUCKET"\n'

    files = changed("compose.yaml", "      BACKUP_DIR: /backups\n", "")

    assert outcome("unprovided-backup-variable", files | {"scripts/backup.sh": script}) is Outcome.PASSED
    assert outcome("unprovided-backup-variable", files | {"scripts/backup.sh": asked}) is Outcome.PASSED


@pytest.mark.parametrize(
    "dockerfile",
    [
        DOCKERFILE.replace("postgres:16", "postgres:15"),
        DOCKERFILE.replace("postgres:16", "debian:bookworm-slim"),
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y postgresql-client\n"
        "COPY scripts/backup.sh /opt/backup.sh\n",
        "FROM alpine:3.20\nRUN apk add bash postgresql15-client\nCOPY scripts/backup.sh /opt/backup.sh\n",
    ],
)
def test_a_client_that_is_missing_or_too_old_is_found(dockerfile: str) -> None:
    assert outcome("missing-backup-tool", FILES | {"Dockerfile": dockerfile}) is Outcome.FAILED


def test_a_client_of_the_same_version_or_a_later_one_is_sound() -> None:
    for client in ("postgresql-client-16", "postgresql-client-17"):
        text = f"FROM debian:bookworm-slim\nRUN apt-get install -y {client}\nCOPY scripts/backup.sh /opt/backup.sh\n"
        assert outcome("missing-backup-tool", FILES | {"Dockerfile": text}) is not Outcome.FAILED


def test_a_missing_client_is_reported_by_one_rule_only() -> None:
    files = FILES | {"Dockerfile": DOCKERFILE.replace("postgres:16", "debian:bookworm-slim")}

    assert inspected(files, "delivery/missing-binary").outcome is not Outcome.FAILED


@pytest.mark.parametrize(
    ("old", "new"), [('"0 3 * * *"', '"0 3 31 2 *"'), ('"0 3 * * *"', '"0 3 * * *"\n  suspend: true')]
)
def test_a_schedule_that_never_comes_is_found(old: str, new: str) -> None:
    files = {"k8s/db.yaml": STORE, "k8s/backup.yaml": JOB.replace(old, new)}

    assert outcome("unscheduled-backup", files) is Outcome.FAILED
    assert outcome("unscheduled-backup", files | {"k8s/backup.yaml": JOB}) is Outcome.PASSED


def test_a_script_that_nothing_calls_is_found() -> None:
    files = {"compose.yaml": f"services:\n{DB}volumes: {{data: {{}}}}\n", "scripts/backup.sh": SCRIPT}
    unit = {"deploy/backup.service": "[Service]\nExecStart=/srv/scripts/backup.sh\n"}
    timer = {"deploy/backup.timer": "[Timer]\nOnCalendar=daily\n"}
    workflow = "on:\n  schedule:\n    - cron: '0 3 * * *'\njobs:\n  a:\n    steps:\n      - run: ./scripts/backup.sh\n"

    assert outcome("unscheduled-backup", files) is Outcome.FAILED
    assert outcome("unscheduled-backup", files | unit) is Outcome.FAILED
    assert outcome("unscheduled-backup", files | unit | timer) is Outcome.PASSED
    assert outcome("unscheduled-backup", files | {".github/workflows/b.yml": workflow}) is Outcome.PASSED
    assert outcome("unscheduled-backup", files | {"crontab": "0 3 * * * root /srv/bakup.sh\n"}) is Outcome.FAILED


def rules(expression: str) -> dict[str, str]:
    alert = f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: {expression}\n"
    return {"k8s/db.yaml": STORE, "k8s/backup.yaml": JOB, "prometheus/rules.yml": alert}


def test_an_alert_that_watches_another_job_is_found_with_both_sides() -> None:
    wrong = rules('time() - kube_cronjob_status_last_successful_time{cronjob="db-backup"} > 90000')
    right = rules('time() - kube_cronjob_status_last_successful_time{cronjob="orders-backup"} > 90000')
    pattern = rules('kube_job_failed{job_name=~"orders-backup-.*"} > 0')

    result = inspected(wrong, "backup/unmonitored-backup")

    assert result.outcome is Outcome.FAILED
    assert {result.findings[0].at.path, result.findings[0].related[0].at.path} == {  # type: ignore[union-attr]
        "prometheus/rules.yml",
        "k8s/backup.yaml",
    }
    assert outcome("unmonitored-backup", right) is Outcome.PASSED
    assert outcome("unmonitored-backup", pattern) is Outcome.PASSED
    assert outcome("unmonitored-backup", rules("up == 0")) is Outcome.FAILED


def test_a_client_of_a_store_is_no_store() -> None:
    text = f"services:\n{DB}  dump:\n    image: postgres:16\n    command: [pg_dump, --host=db, --file=/b/x, a]\n"
    text += "    volumes: ['b:/b']\nvolumes: {data: {}, b: {}}\n"

    assert inspected({"compose.yaml": text}, "backup/uncovered-store").outcome is Outcome.PASSED
