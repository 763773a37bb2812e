"""A real server, a migrated database per test, the service on a real socket."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from postgres_server import PostgresServer, free_port

from questionnaire.application import create_app
from questionnaire.config import Config

ROOT = Path(__file__).parent.parent
TOKEN = "token-for-tests-0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="questionnaire-tests-"))
    server = PostgresServer(folder)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    migrate(postgres.create_database("migrated_template"))
    return "migrated_template"


@pytest.fixture
def database_url(postgres: PostgresServer, template: str) -> str:
    return postgres.create_database(f"test_{uuid.uuid4().hex}", template)


@pytest.fixture
def client(database_url: str) -> Iterator[httpx.Client]:
    config = Config.model_validate({"database_url": database_url, "api_token": TOKEN})
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(config), port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=10) as client:
            wait_until_ready(client)
            yield client
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def subject(client: httpx.Client) -> str:
    response = client.post("/api/v1/subjects", json={"study": "S1", "pseudonym": uuid.uuid4().hex})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


@pytest.fixture
def consenting_subject(client: httpx.Client, subject: str) -> str:
    give_consent(client, subject, "data_processing")
    return subject


@pytest.fixture
def session(client: httpx.Client, consenting_subject: str) -> str:
    response = client.post("/api/v1/sessions", json={"subjectId": consenting_subject, "mode": "MANUAL"})
    assert response.status_code == 201, response.text
    return str(response.json()["sessionId"])


def give_consent(client: httpx.Client, subject: str, purpose: str, *, given: bool = True) -> httpx.Response:
    body = {"purpose": purpose, "textVersion": "1", "given": given}
    response = client.post(f"/api/v1/subjects/{subject}/consents", json=body)
    assert response.status_code == 201, response.text
    return response


def migrate(database_url: str, revision: str = "head") -> None:
    command = "downgrade" if revision == "base" else "upgrade"
    subprocess.run(
        [sys.executable, "-m", "alembic", command, revision],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        check=True,
        capture_output=True,
    )


def wait_until_ready(client: httpx.Client, seconds: float = 30.0) -> float:
    """Return how long the service took to become ready."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            if client.get("/health/ready").status_code == 200:
                return time.monotonic() - start
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"the service was not ready within {seconds} s")
