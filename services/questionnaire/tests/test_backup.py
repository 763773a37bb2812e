"""Backups are made, checked, encrypted, restored and compared with the real programs."""

import os
import subprocess
import uuid
from pathlib import Path

import httpx
import psycopg
import pytest
from conftest import ROOT, give_consent
from postgres_server import UNPRIVILEGED, PostgresServer


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Path:
    folder = postgres.folder / f"backups-{uuid.uuid4().hex}"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


class Scripts:
    """Runs the scripts with the programs of the server under test, as an unprivileged user."""

    def __init__(self, postgres: PostgresServer, folder: Path) -> None:
        self.folder = folder
        self.programs = postgres.programs
        self.scripts = folder / "scripts"
        self.scripts.mkdir()
        for source in (ROOT / "scripts").glob("*.sh"):
            copy = self.scripts / source.name
            copy.write_bytes(source.read_bytes())
            copy.chmod(0o755)

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one script and return what it said."""
        given = {"PATH": f"{self.programs}:{os.environ['PATH']}", "BACKUP_DIR": str(self.folder), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [str(self.scripts / script), *arguments],
            cwd=self.folder,
            env=given | environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            user=UNPRIVILEGED if os.geteuid() == 0 else None,
        )

    def dumps(self) -> list[Path]:
        """Return the dumps in the folder, oldest first."""
        return sorted([*self.folder.glob("*.dump"), *self.folder.glob("*.dump.enc")])


@pytest.fixture
def scripts(postgres: PostgresServer, folder: Path) -> Scripts:
    return Scripts(postgres, folder)


def content(url: str) -> dict[str, list[str]]:
    """Return every row of every table that a backup holds."""
    tables = ("subject", "consent", "session", "answer", "answer_history", "erasure_tombstone")
    with psycopg.connect(url) as connection:
        return {
            name: sorted(row[0] for row in connection.execute(f"SELECT t::text FROM {name} t".encode()))  # noqa: S608
            for name in tables
        }


def test_a_backup_restores_to_the_same_content(
    client: httpx.Client, session: str, database_url: str, postgres: PostgresServer, scripts: Scripts
) -> None:
    client.put(f"/api/v1/sessions/{session}/answers/1", json={"value": 2})
    before = content(database_url)

    made = scripts.run("backup.sh", DATABASE_URL=database_url)
    empty = postgres.create_database(f"restored_{uuid.uuid4().hex}")
    restored = scripts.run("restore.sh", str(scripts.dumps()[0]), DATABASE_URL=empty)

    assert (made.returncode, restored.returncode) == (0, 0), made.stderr + restored.stderr
    assert content(empty) == before
    assert before["answer"]


def test_a_restored_database_can_be_backed_up_and_restored_again(
    client: httpx.Client, session: str, database_url: str, scripts: Scripts
) -> None:
    first = str(scripts.folder / "first.dump")
    second = str(scripts.folder / "second.dump")
    before = content(database_url)

    results = [
        scripts.run("backup.sh", first, DATABASE_URL=database_url),
        scripts.run("restore.sh", "--replace", first, DATABASE_URL=database_url),
        scripts.run("backup.sh", second, DATABASE_URL=database_url),
        scripts.run("restore.sh", "--replace", second, DATABASE_URL=database_url),
    ]

    assert [result.returncode for result in results] == [0] * 4, [result.stderr for result in results]
    assert content(database_url) == before
    assert client.put(f"/api/v1/sessions/{session}/answers/1", json={"value": 2}).status_code == 200


def test_a_restore_does_not_bring_an_erased_subject_back(
    client: httpx.Client, database_url: str, scripts: Scripts
) -> None:
    subjects = [
        client.post("/api/v1/subjects", json={"study": "S", "pseudonym": name}).json()["id"]
        for name in ("kept", "erased")
    ]
    give_consent(client, subjects[1], "data_processing")
    dump = str(scripts.folder / "older.dump")
    scripts.run("backup.sh", dump, DATABASE_URL=database_url)
    client.delete(f"/api/v1/subjects/{subjects[1]}")

    restored = scripts.run("restore.sh", "--replace", dump, DATABASE_URL=database_url)

    assert restored.returncode == 0, restored.stderr
    assert client.get(f"/api/v1/subjects/{subjects[0]}/data-export").status_code == 200
    assert client.get(f"/api/v1/subjects/{subjects[1]}/data-export").status_code == 410
    assert content(database_url)["consent"] == []


def test_a_database_with_data_is_not_overwritten_by_accident(
    client: httpx.Client, session: str, database_url: str, scripts: Scripts
) -> None:
    dump = str(scripts.folder / "one.dump")
    scripts.run("backup.sh", dump, DATABASE_URL=database_url)
    before = content(database_url)

    refused = scripts.run("restore.sh", dump, DATABASE_URL=database_url)

    assert refused.returncode == 68
    assert content(database_url) == before


@pytest.mark.parametrize("damage", ["truncated", "flipped", "unsigned"])
def test_a_damaged_dump_changes_nothing(
    client: httpx.Client, session: str, database_url: str, scripts: Scripts, damage: str
) -> None:
    scripts.run("backup.sh", DATABASE_URL=database_url)
    dump = scripts.dumps()[0]
    data = dump.read_bytes()
    match damage:
        case "truncated":
            dump.write_bytes(data[: len(data) // 2])
        case "flipped":
            dump.write_bytes(data[:-10] + bytes([data[-10] ^ 1]) + data[-9:])
        case _:
            dump.with_name(dump.name + ".sha256").unlink()
    before = content(database_url)

    refused = scripts.run("restore.sh", "--replace", str(dump), DATABASE_URL=database_url)

    assert refused.returncode == 66
    assert content(database_url) == before


def test_an_encrypted_backup_needs_its_passphrase(
    client: httpx.Client, session: str, database_url: str, postgres: PostgresServer, scripts: Scripts
) -> None:
    passphrase, other = scripts.folder / "passphrase", scripts.folder / "other"
    passphrase.write_text("correct horse battery staple")
    other.write_text("something else")

    made = scripts.run("backup.sh", DATABASE_URL=database_url, BACKUP_PASSPHRASE_FILE=str(passphrase))
    (dump,) = scripts.dumps()
    empty = postgres.create_database(f"restored_{uuid.uuid4().hex}")
    without = scripts.run("restore.sh", str(dump), DATABASE_URL=empty)
    wrong = scripts.run("restore.sh", str(dump), DATABASE_URL=empty, BACKUP_PASSPHRASE_FILE=str(other))
    right = scripts.run("restore.sh", str(dump), DATABASE_URL=empty, BACKUP_PASSPHRASE_FILE=str(passphrase))

    assert made.returncode == 0, made.stderr
    assert dump.suffix == ".enc"
    assert b"PGDMP" not in dump.read_bytes()
    assert (without.returncode, wrong.returncode, right.returncode) == (64, 66, 0), right.stderr
    assert content(empty) == content(database_url)


def test_old_backups_go_only_after_a_new_one_succeeded(database_url: str, scripts: Scripts) -> None:
    for day in range(1, 6):
        for suffix in ("", ".sha256", ".content"):
            (scripts.folder / f"questionnaire-2020010{day}T000000Z.dump{suffix}").write_text("old")

    failed = scripts.run("backup.sh", DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none", BACKUP_KEEP="3")
    after_failure = len(scripts.dumps())
    succeeded = scripts.run("backup.sh", DATABASE_URL=database_url, BACKUP_KEEP="3")

    assert (failed.returncode, after_failure) == (65, 5)
    assert succeeded.returncode == 0, succeeded.stderr
    assert [dump.name[14:22] for dump in scripts.dumps()[:2]] == ["20200104", "20200105"]
    assert len(scripts.dumps()) == 3
    assert not list(scripts.folder.glob(".backup.*"))


def test_the_restore_test_compares_and_is_recorded(
    client: httpx.Client, session: str, database_url: str, scripts: Scripts
) -> None:
    scripts.run("backup.sh", DATABASE_URL=database_url)

    same = scripts.run("verify-restore.sh", DATABASE_URL=database_url)
    listing = scripts.dumps()[0].with_name(scripts.dumps()[0].name + ".content")
    listing.write_text(listing.read_text().replace("session|1|", "session|2|"))
    different = scripts.run("verify-restore.sh", DATABASE_URL=database_url)

    assert same.returncode == 0, same.stderr
    assert different.returncode == 70
    with psycopg.connect(database_url) as connection:
        kinds = connection.execute("SELECT kind FROM backup_run ORDER BY id").fetchall()
    assert kinds == [("backup",), ("restore-test",)]


@pytest.mark.parametrize("script", ["backup.sh", "verify-restore.sh", "restore.sh"])
@pytest.mark.parametrize("url", ["", "garbage"])
def test_a_script_without_a_database_address_says_so(scripts: Scripts, script: str, url: str) -> None:
    dump = scripts.folder / "a.dump"
    dump.write_text("x")

    result = scripts.run(script, str(dump), DATABASE_URL=url)

    assert result.returncode == 64
    assert "DATABASE_URL" in result.stderr


def test_no_password_is_on_a_command_line_or_in_the_output(
    postgres: PostgresServer, database_url: str, scripts: Scripts
) -> None:
    spy = scripts.folder / "spy"
    spy.mkdir()
    spy.chmod(0o777)
    for program in ("psql", "pg_dump"):
        script = spy / program
        script.write_text(f'#!/bin/sh\necho "$@" >> {spy}/arguments\nexec {postgres.programs}/{program} "$@"\n')
        script.chmod(0o755)

    result = scripts.run("backup.sh", DATABASE_URL=database_url, PATH=f"{spy}:{postgres.programs}:{os.environ['PATH']}")

    assert result.returncode == 0, result.stderr
    assert "test-only-password" not in (spy / "arguments").read_text() + result.stdout + result.stderr
