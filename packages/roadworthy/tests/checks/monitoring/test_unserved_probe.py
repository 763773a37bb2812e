"""monitoring/unserved-probe."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health/ready')\ndef r(): ...\n@app.post('/hook')\ndef h(): ...\n"
DOCKERFILE = 'FROM python:3.12-slim\nCOPY main.py /srv/\nCMD ["uvicorn", "main:app"]\n'


def deployment(path: str) -> str:
    """Return a manifest whose container is probed."""
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {app: api}}\n"
        "  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n        - name: api\n"
        f"          image: r.example/api:1\n          readinessProbe:\n            httpGet: {{path: {path}, port: 8000}}\n"
    )


def judged(path: str, app: str = APP, **files: str) -> Result:
    """Inspect an application with a probe in Kubernetes."""
    more = {name.replace("__", "."): body for name, body in files.items()}
    files = {"main.py": app, "Dockerfile": DOCKERFILE, "k8s/api.yaml": deployment(path), **more}
    return inspected(files, "monitoring/unserved-probe")


@pytest.mark.parametrize("path", ["/healthz", "/ready", "/api/health/ready", "/hook"])
def test_path_that_no_get_serves_is_found_with_both_sides(path: str) -> None:
    result = judged(path)

    (finding,) = result.findings
    assert finding.at is not None
    assert finding.at.path == "k8s/api.yaml"
    assert {related.at.path for related in finding.related} == {"main.py"}


@pytest.mark.parametrize("path", ["/health/ready", "/health/ready/", "/health/ready?full=1", "/docs"])
def test_served_path_holds(path: str) -> None:
    assert judged(path).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "app.mount('/', other)",
        "app.include_router(build())",
        "app.include_router(library.router)",
    ],
)
def test_sub_application_that_is_not_read_opens_the_set(line: str) -> None:
    assert judged("/healthz", APP + line + "\n").outcome is Outcome.INCONCLUSIVE


def test_language_that_is_not_read_opens_the_set() -> None:
    files = {
        "main.go": "package main\n",
        "Dockerfile": 'FROM golang:1.22\nCOPY . .\nCMD ["/app"]\n',
        "k8s/api.yaml": deployment("/healthz"),
    }

    assert inspected(files, "monitoring/unserved-probe").outcome is Outcome.INCONCLUSIVE


def test_probe_of_an_image_that_is_not_ours_cannot_be_told() -> None:
    compose = "services:\n  proxy:\n    image: nginx:1.27\n    healthcheck:\n      test: [CMD, curl, -f, 'http://localhost/healthz']\n"

    result = inspected({"compose.yaml": compose}, "monitoring/unserved-probe")

    assert result.outcome is Outcome.INCONCLUSIVE


def test_probes_of_the_runtime_are_served() -> None:
    app = "from fastapi import FastAPI\nfrom roadworthy_runtime import Roadworthy\napp = FastAPI()\nRoadworthy(app, service='a')\n"

    assert judged("/health/ready", app).outcome is Outcome.PASSED
    assert judged("/health/readiness", app).outcome is Outcome.FAILED
