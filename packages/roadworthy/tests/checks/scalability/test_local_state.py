"""State of users that one process or one disk has."""

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "scalability/local-state"
_START = "FROM python:3.12\nCOPY app app\nCMD uvicorn app.main:app --workers {}\n"
_SESSIONS = (
    "from fastapi import FastAPI\n\napp = FastAPI()\nsessions = {}\n\n\n@app.post('/x')\ndef x(u: str) -> None:\n"
    "    sessions[u] = 1\n"
)
_UPLOADS = (
    "import shutil\n\nfrom fastapi import FastAPI, UploadFile\n\napp = FastAPI()\n\n\n@app.post('/x')\n"
    "def x(f: UploadFile) -> None:\n    with open('uploads/' + f.filename, 'wb') as out:\n"
    "        shutil.copyfileobj(f.file, out)\n"
)


def outcome(code: str, workers: int = 1, compose: str | None = None) -> Outcome:
    files = {"app/main.py": code, "Dockerfile": _START.format(workers)}
    return inspected(files | ({"compose.yaml": compose} if compose else {}), _RULE).outcome


def test_sessions_in_memory_and_several_workers_are_found() -> None:
    assert outcome(_SESSIONS, 4) is Outcome.FAILED


def test_sessions_in_memory_of_one_process_hold() -> None:
    assert outcome(_SESSIONS) is Outcome.PASSED


def test_uploads_on_disk_and_several_replicas_are_found() -> None:
    compose = "services:\n  api:\n    build: .\n    deploy: {replicas: 3}\n"

    assert outcome(_UPLOADS, compose=compose) is Outcome.FAILED


def test_uploads_on_disk_and_several_workers_of_one_host_hold() -> None:
    assert outcome(_UPLOADS, 4) is Outcome.PASSED


def test_uploads_on_a_volume_are_not_judged() -> None:
    compose = "services:\n  api:\n    build: .\n    deploy: {replicas: 3}\n    volumes: ['u:/srv/uploads']\n"

    assert outcome(_UPLOADS, compose=compose) is Outcome.INCONCLUSIVE


def test_a_table_of_constants_is_no_state() -> None:
    assert outcome(_SESSIONS.replace("sessions[u] = 1", "print(sessions)"), 4) is Outcome.PASSED


def test_temporary_files_are_no_state() -> None:
    code = _UPLOADS.replace("open('uploads/' + f.filename, 'wb')", "tempfile.NamedTemporaryFile()").replace(
        "import shutil", "import shutil\nimport tempfile"
    )

    assert outcome(code, compose="services:\n  api:\n    build: .\n    deploy: {replicas: 3}\n") is Outcome.PASSED
