"""secrets/unused-variable and secrets/undocumented-variable."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

UNUSED, UNDOCUMENTED = "secrets/unused-variable", "secrets/undocumented-variable"
CODE = (
    "import os\nfrom fastapi import FastAPI\napp = FastAPI()\nURL = os.environ['DATABASE_URL']\n"
    "TOKEN = os.environ['API_TOKEN']\nLEVEL = os.environ.get('LOG_LEVEL', 'info')\nSIZE = os.getenv('POOL_SIZE', '5')\n"
)
BASE = {
    "app/main.py": CODE,
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "compose.yaml": (
        "services:\n  api:\n    build: .\n    environment:\n      DATABASE_URL: postgresql://a:${DB_PASSWORD:?}@db/a\n"
        "      API_TOKEN: ${API_TOKEN}\n      LOG_LEVEL: debug\n      PYTHONUNBUFFERED: '1'\n"
        "  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: a\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n"
    ),
    ".env.example": "DB_PASSWORD=\nAPI_TOKEN=\nPOOL_SIZE=5\n",
}


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """Return the service with one text of one file replaced."""
    assert old in BASE.get(path, "") or not old
    return {**BASE, path: BASE.get(path, "").replace(old, new) if old else BASE.get(path, "") + new}


def test_service_whose_lists_are_complete_holds() -> None:
    assert inspected(BASE, UNUSED).outcome is Outcome.PASSED
    assert inspected(BASE, UNDOCUMENTED).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "old", "new", "named", "near"),
    [
        ("compose.yaml", "LOG_LEVEL", "LOG_LEVL", "LOG_LEVL", "LOG_LEVEL"),
        ("compose.yaml", "LOG_LEVEL", "LOGLEVEL", "LOGLEVEL", "LOG_LEVEL"),
        ("compose.yaml", "LOG_LEVEL", "APP_LOG_LEVEL", "APP_LOG_LEVEL", "LOG_LEVEL"),
        ("compose.yaml", "      LOG_LEVEL: debug", "      LOG_LEVEL: debug\n      QUEUE_DEPTH: 3", "QUEUE_DEPTH", ""),
        ("app/main.py", "LOG_LEVEL", "LOGGING_LEVEL", "LOG_LEVEL", "LOGGING_LEVEL"),
        (".env.example", "POOL_SIZE", "POOLSIZE", "POOLSIZE", "POOL_SIZE"),
        (".env.example", "", "SESSION_DAYS=3\n", "SESSION_DAYS", ""),
        ("compose.yaml", "POSTGRES_USER", "POSTGRES_USERNAME", "POSTGRES_USERNAME", "POSTGRES_USER"),
        ("README.md", "", "| Variable | Default |\n|---|---|\n| `POOL_SIZES` | 5 |\n", "POOL_SIZES", "POOL_SIZE"),
    ],
)
def test_variable_that_nothing_reads_fails(path: str, old: str, new: str, named: str, near: str) -> None:
    result = inspected(changed(path, old, new), UNUSED)

    assert result.outcome is Outcome.FAILED, result.reason
    assert all(f"`{named}`" in finding.message for finding in result.findings)
    assert not near or any(f"`{near}`" in finding.message for finding in result.findings)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("compose.yaml", "LOG_LEVEL: debug", "LOG_LEVEL: debug\n      UVICORN_PORT: 80\n      OTEL_SERVICE_NAME: a\n      TZ: UTC"),
        ("compose.yaml", "    environment:\n      DATABASE_URL", "    command: sh -c 'exec uvicorn --log-level $$X_DEBUG'\n    environment:\n      X_DEBUG: 1\n      DATABASE_URL"),
        ("app/start.sh", "", "#!/bin/sh\nexec uvicorn --workers ${PROCESSES:-1}\n"),
        (".env.example", "", "APP_IMAGE_TAG=1\n"),
        ("README.md", "", "| Key | Default |\n|---|---|\n| `OTHER_THING` | 5 |\n"),
        ("app/main.py", "", "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    queue: int = 3\n    model_config = {'env_prefix': 'W_'}\n"),
    ],
)  # fmt: skip
def test_variables_of_tools_scripts_and_settings_are_used(path: str, old: str, new: str) -> None:
    files = changed(path, old, new)
    files["compose.yaml"] = files["compose.yaml"].replace("image: postgres:16", "image: postgres:${APP_IMAGE_TAG:-16}")
    files["compose.yaml"] = files["compose.yaml"].replace("PYTHONUNBUFFERED", "W_QUEUE" if "W_" in new else "PYTHONX")
    if path.endswith(".sh"):
        files["compose.yaml"] = files["compose.yaml"].replace("PYTHONX", "PROCESSES")

    assert inspected(files, UNUSED).outcome is Outcome.PASSED


def test_world_that_is_open_cannot_be_told() -> None:
    files = changed("compose.yaml", "LOG_LEVEL: debug", "QUEUE_DEPTH: 3")
    files["app/main.py"] += "ALL = {key: value for key, value in os.environ.items()}\n"

    assert inspected(files, UNUSED).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("path", "old", "new", "named"),
    [
        (".env.example", "API_TOKEN=\n", "", "API_TOKEN"),
        (".env.example", "DB_PASSWORD=\n", "", "DB_PASSWORD"),
        (".env.example", "API_TOKEN=\n", "API_TOKN=\n", "API_TOKEN"),
        ("compose.yaml", "${API_TOKEN}", "${SERVICE_TOKEN}", "SERVICE_TOKEN"),
    ],
)
def test_needed_variable_that_no_list_has_fails(path: str, old: str, new: str, named: str) -> None:
    result = inspected(changed(path, old, new), UNDOCUMENTED)

    assert [f"`{named}`" in finding.message for finding in result.findings] == [True]
    assert {r.at.path for r in result.findings[0].related} == {".env.example"}


def test_variable_that_only_code_reads_may_stand_in_a_document() -> None:
    files = changed("app/main.py", "", "KEY = os.environ['SIGNING_KEY']\n")
    del files["compose.yaml"]

    assert inspected(files, UNDOCUMENTED).outcome is Outcome.FAILED
    files["README.md"] = "Set `SIGNING_KEY` to a long random text, and `DATABASE_URL`.\n"
    assert inspected(files, UNDOCUMENTED).outcome is Outcome.PASSED


def test_misspelled_entry_is_reported_once() -> None:
    files = changed(".env.example", "API_TOKEN=\n", "API_TOKN=\n")

    assert inspected(files, UNDOCUMENTED).outcome is Outcome.FAILED
    assert inspected(files, UNUSED).outcome is Outcome.PASSED


def test_variable_that_other_values_of_its_file_are_made_of_is_read() -> None:
    files = {
        ".env.example": "DB_HOSTNAME=db\nDATABASE_URL=postgresql://app@${DB_HOSTNAME}/app\n",
        "app/main.py": "import os\nURL = os.environ['DATABASE_URL']\n",
    }

    assert not inspected(files, "secrets/unused-variable").findings
