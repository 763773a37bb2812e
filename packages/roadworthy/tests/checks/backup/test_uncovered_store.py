"""Which store is in no backup."""

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "backup/uncovered-store"
_COMPOSE = """\
services:
  api:
    build: .
    volumes: ["uploads:/srv/uploads"]
  db:
    image: postgres:16
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {uploads: {}, data: {}}
"""
_DUMP = "#!/bin/sh\nset -eu\npg_dump -h db app > /backups/app.dump\n"
_FILES = {"compose.yaml": _COMPOSE, "Dockerfile": "FROM python:3.12\nCMD x\n", "scripts/backup.sh": _DUMP}


def test_uploads_that_no_backup_saves_are_found_with_the_backups_there_are() -> None:
    found = inspected(_FILES, _RULE)

    assert found.outcome is Outcome.FAILED
    (finding,) = found.findings
    assert "uploads" in finding.message
    assert [related.at.path for related in finding.related] == ["scripts/backup.sh"]


def test_files_that_are_archived_are_covered() -> None:
    more = {"scripts/backup.sh": _DUMP + "tar czf /backups/files.tgz /srv/uploads\n"}

    assert inspected(_FILES | more, _RULE).outcome is Outcome.PASSED


def test_second_store_of_another_kind_is_found() -> None:
    more = {"compose.yaml": "services:\n  db:\n    image: postgres:16\n  docs:\n    image: mongo:7\n"}

    found = inspected(_FILES | more, _RULE)

    assert [finding.message for finding in found.findings] == ["no backup saves docs (mongodb)"]


def test_second_server_of_the_same_kind_is_found_where_the_dump_names_its_host() -> None:
    more = {"compose.yaml": "services:\n  db:\n    image: postgres:16\n  ledger:\n    image: postgres:16\n"}

    found = inspected(_FILES | more, _RULE)

    assert [finding.message for finding in found.findings] == ["no backup saves ledger (postgres)"]


def test_caches_and_generated_files_need_no_backup() -> None:
    more = {"compose.yaml": _COMPOSE.replace("uploads:/srv/uploads", "uploads:/srv/upload-cache")}

    assert inspected(_FILES | more, _RULE).outcome is Outcome.PASSED


def test_without_any_backup_the_other_rule_speaks() -> None:
    files = {path: text for path, text in _FILES.items() if path != "scripts/backup.sh"}

    assert inspected(files, _RULE).outcome is Outcome.NOT_APPLICABLE
