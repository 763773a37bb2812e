"""Layouts that sound services have and that once looked like contradictions; each with the defect it must not hide."""

from repository import gathered, inspected
from roadworthy.model.detail.port import PortUse
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Outcome

_SETTINGS = """
from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Database(BaseModel):
    url: str
    pool: int = 5


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
    database: Database
"""
_DOCKERFILE = 'FROM python:3.12-slim\nCOPY app app\nCMD ["python", "-m", "app"]\n'


def _nested(variable: str) -> dict[str, str]:
    compose = f"services:\n  api:\n    build: .\n    environment:\n      {variable}: postgres://db/app\n"
    return {"app/__main__.py": _SETTINGS, "Dockerfile": _DOCKERFILE, "compose.yaml": compose}


def test_a_nested_settings_model_is_filled_field_by_field() -> None:
    given = inspected(_nested("APP_DATABASE__URL"), only="secrets/unprovided-variable")
    other = inspected(_nested("APP_DATABASE_URL"), only="secrets/unprovided-variable")

    assert not given.findings
    assert "APP_DATABASE__URL" in other.findings[0].message


def test_options_in_cmd_belong_to_the_entrypoint() -> None:
    dockerfile = 'FROM python:3.12-slim\nENTRYPOINT ["gunicorn"]\nCMD ["--bind=0.0.0.0:5000", "app:app"]\n'

    facts = gathered({"Dockerfile": dockerfile, "app.py": "app = None\n"})

    ports = {str(s.name) for s in facts.definitions(Kind.PORT) if isinstance(s.detail, PortUse)}
    assert ports == {"5000"}


def test_a_job_made_by_hand_in_a_runbook_is_no_unknown_workload() -> None:
    manifest = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec:\n  template:\n    spec:\n"
        "      containers: [{name: m, image: 'registry.example/m:1'}]\n"
    )
    runbook = (
        "# Backup\n\n```console\nkubectl -n shop create job --from=cronjob/backup by-hand\n"
        "kubectl -n shop logs job/by-hand\n```\n"
    )

    result = inspected({"k8s/job.yaml": manifest, "docs/runbook.md": runbook}, only="delivery/unknown-workload")

    assert not result.findings


def _nginx(port: int) -> dict[str, str]:
    return {
        "nginx.conf": f"server {{\n  listen {port};\n  location / {{ proxy_pass http://api:8000; }}\n}}\n",
        "compose.yaml": (
            'services:\n  proxy:\n    image: nginx:1.27\n    ports: ["8080:8080"]\n    volumes:\n'
            "      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro\n"
            "  api:\n    build: .\n"
        ),
        "Dockerfile": 'FROM python:3.12-slim\nCMD ["uvicorn", "app:app", "--port", "8000"]\n',
        "app.py": "app = None\n",
    }


def test_the_port_nginx_listens_on_is_the_one_that_is_published() -> None:
    right = inspected(_nginx(8080), only="environments/port-mismatch")
    wrong = inspected(_nginx(80), only="environments/port-mismatch")

    assert not right.findings
    assert [f.related[0].at.path for f in wrong.findings] == ["nginx.conf"]


def test_a_host_variable_without_an_address_is_looked_up() -> None:
    compose = (
        "services:\n  api:\n    image: api\n    build: .\n    environment: {{REDIS_HOST: {host}}}\n"
        "  redis:\n    image: redis:7.4\n"
    )
    files = {"Dockerfile": _DOCKERFILE, "app/__main__.py": ""}

    right = inspected({**files, "compose.yaml": compose.format(host="redis")}, only="environments/unknown-host")
    wrong = inspected({**files, "compose.yaml": compose.format(host="cache")}, only="environments/unknown-host")

    assert right.outcome is Outcome.PASSED
    assert "`cache`" in wrong.findings[0].message
