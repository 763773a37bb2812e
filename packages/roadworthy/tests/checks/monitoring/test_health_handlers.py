"""What answers a probe: hollow readiness, dependent liveness, hidden failures; and what none of them may say."""

import pytest

from repository import inspected

_HEAD = """import os
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine, text
app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})
def database_answers() -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return True
    except Exception:
        return False
"""
_DOCKERFILE = 'FROM python:3.12-slim\nCOPY app /srv/app\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n'
_KUBERNETES = """apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: app
          image: registry.example/app:1
          livenessProbe:
            httpGet: {path: LIVE, port: 8000}
          readinessProbe:
            httpGet: {path: READY, port: 8000}
"""


def _service(handlers: str, live: str = "/live", ready: str = "/ready") -> dict[str, str]:
    return {
        "app/main.py": _HEAD + handlers,
        "Dockerfile": _DOCKERFILE,
        "k8s/app.yaml": _KUBERNETES.replace("LIVE", live).replace("READY", ready),
    }


def _says(rule: str, files: dict[str, str]) -> str:
    return str(inspected(files, only=f"monitoring/{rule}").outcome)


_CONSTANT = (
    '@app.get("/ready")\nasync def ready():\n    return {"status": "ready", "version": os.getenv("VERSION", "dev")}\n'
)
_HIDES = '@app.get("/ready")\ndef ready():\n    return {"database": "up" if database_answers() else "down"}\n'
_SHOWS = (
    '@app.get("/ready")\ndef ready(response: Response):\n    if not database_answers():\n'
    '        response.status_code = 503\n    return {"status": "ready"}\n'
)
_RAISES = '@app.get("/ready")\ndef ready():\n    with engine.connect() as c:\n        c.execute(text("SELECT 1"))\n    return {}\n'
_LIVE = '@app.get("/live")\nasync def live():\n    return {"status": "alive"}\n'
_LIVE_ASKS = '@app.get("/live")\ndef live():\n    with engine.connect() as c:\n        c.execute(text("SELECT 1"))\n    return {}\n'


@pytest.mark.parametrize(
    ("handlers", "hollow", "dependent", "hides"),
    [
        (_CONSTANT + _LIVE, "failed", "passed", "not-applicable"),
        (_HIDES + _LIVE, "passed", "passed", "failed"),
        (_SHOWS + _LIVE, "passed", "passed", "passed"),
        (_RAISES + _LIVE, "passed", "passed", "passed"),
        (_RAISES + _LIVE_ASKS, "passed", "failed", "passed"),
    ],
)
def test_each_defect_is_told_from_the_others(handlers: str, hollow: str, dependent: str, hides: str) -> None:
    files = _service(handlers)

    assert _says("hollow-readiness", files) == hollow
    assert _says("dependent-liveness", files) == dependent
    assert _says("health-hides-failure", files) == hides


def test_every_side_is_located() -> None:
    (finding,) = inspected(_service(_CONSTANT + _LIVE), only="monitoring/hollow-readiness").findings

    assert finding.at is not None
    assert finding.at.path == "app/main.py"
    assert [related.at.path for related in finding.related] == ["k8s/app.yaml", "app/main.py"]


def test_liveness_that_shares_its_path_with_readiness_is_the_business_of_shared_probe() -> None:
    assert _says("dependent-liveness", _service(_RAISES, live="/ready")) == "not-applicable"


def test_a_service_without_a_store_may_be_ready_at_once() -> None:
    files = _service(_CONSTANT + _LIVE)
    files["app/main.py"] = files["app/main.py"].replace('os.environ["DATABASE_URL"]', '"sqlite://"')

    assert _says("hollow-readiness", files) == "not-applicable"


def test_readiness_that_reads_a_flag_set_elsewhere_is_not_guessed_at() -> None:
    flag = '@app.get("/ready")\nasync def ready(response: Response):\n    if not app.state.ready:\n        response.status_code = 503\n    return {}\n'

    assert _says("hollow-readiness", _service(flag + _LIVE)) == "inconclusive"
