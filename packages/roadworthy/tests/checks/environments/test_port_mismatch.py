"""Every pair of sides that can disagree about a port, and the ways in which sound repositories look odd."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

_DOCKERFILE = 'FROM python:3.12-slim\nCOPY app app\nEXPOSE 8000\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n'
_COMPOSE = "services:\n  api:\n    build: .\n    ports: ['80:8000']\n"
_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1
          ports: [{name: http, containerPort: 8000}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{name: web, port: 80, targetPort: http}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api}
spec:
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {name: web}}}}]}}]
"""
_SOUND = {"Dockerfile": _DOCKERFILE, "compose.yaml": _COMPOSE, "k8s/api.yaml": _MANIFEST, "app/main.py": "x = 1\n"}


def result(**changed: str) -> Result:
    """Inspect the sound repository with some of its files changed; keys are file names without folder and ending."""
    files = {
        path: changed.get(path.rpartition("/")[2].partition(".")[0].lower(), text) for path, text in _SOUND.items()
    }
    return inspected(files, "environments/port-mismatch")


def test_sound_repository_passes() -> None:
    found = result()

    assert found.outcome is Outcome.PASSED, found
    assert found.examined >= 5


@pytest.mark.parametrize(
    ("changed", "place", "other"),
    [
        ({"compose": _COMPOSE.replace(":8000", ":8080")}, "compose.yaml", "Dockerfile"),
        ({"dockerfile": _DOCKERFILE.replace("EXPOSE 8000", "EXPOSE 3000")}, "Dockerfile", "Dockerfile"),
        ({"api": _MANIFEST.replace("containerPort: 8000", "containerPort: 8001")}, "k8s/api.yaml", "Dockerfile"),
        ({"api": _MANIFEST.replace("targetPort: http", "targetPort: 8081")}, "k8s/api.yaml", "Dockerfile"),
        ({"api": _MANIFEST.replace("targetPort: http", "targetPort: web")}, "k8s/api.yaml", "k8s/api.yaml"),
        (
            {"api": _MANIFEST.replace("path: /ready, port: http", "path: /ready, port: 8080")},
            "k8s/api.yaml",
            "Dockerfile",
        ),
        ({"api": _MANIFEST.replace("port: {name: web}", "port: {number: 8000}")}, "k8s/api.yaml", "k8s/api.yaml"),
        (
            {"dockerfile": _DOCKERFILE + "HEALTHCHECK CMD curl -f http://localhost:8080/ready\n"},
            "Dockerfile",
            "Dockerfile",
        ),
        (
            {"compose": _COMPOSE + "    healthcheck: {test: [CMD, curl, 'http://localhost:9000/x']}\n"},
            "compose.yaml",
            "Dockerfile",
        ),
    ],
)
def test_each_disagreement_is_found_with_both_sides(changed: dict[str, str], place: str, other: str) -> None:
    found = result(**changed)

    assert found.outcome is Outcome.FAILED, found
    (finding,) = found.findings
    assert finding.at is not None
    assert finding.at.path == place
    assert other in {related.at.path for related in finding.related}


def test_port_of_the_environment_is_followed() -> None:
    start = _DOCKERFILE.replace(
        '["uvicorn", "app.main:app", "--port", "8000"]', "uvicorn app.main:app --port ${PORT:-8000}"
    )
    moved = _COMPOSE.replace("ports: ['80:8000']", "ports: ['80:9000']\n    environment: {PORT: '9000'}")
    files = {"Dockerfile": start.replace("EXPOSE 8000\n", ""), "compose.yaml": moved}

    assert inspected(files, "environments/port-mismatch").outcome is Outcome.PASSED


def test_port_given_by_the_platform_is_not_guessed() -> None:
    start = _DOCKERFILE.replace('["uvicorn", "app.main:app", "--port", "8000"]', "uvicorn app.main:app --port $PORT")

    assert (
        inspected(
            {"Dockerfile": start, "compose.yaml": _COMPOSE.replace(":8000", ":8080")}, "environments/port-mismatch"
        ).outcome
        is Outcome.INCONCLUSIVE
    )


def test_published_port_may_differ() -> None:
    assert result(compose=_COMPOSE.replace("80:8000", "8443:8000")).outcome is Outcome.PASSED


def test_override_of_the_command_moves_the_port() -> None:
    moved = _COMPOSE.replace("80:8000", "80:9000") + "    command: uvicorn app.main:app --port 9000\n"

    found = inspected({"Dockerfile": _DOCKERFILE, "compose.yaml": moved}, "environments/port-mismatch")

    assert found.outcome is not Outcome.FAILED, found


def test_files_for_development_are_left_alone() -> None:
    files = {
        "Dockerfile": _DOCKERFILE,
        "compose.yaml": _COMPOSE,
        "compose.override.yaml": "services:\n  api:\n    ports: ['5678:5678']\n",
    }

    assert inspected(files, "environments/port-mismatch").outcome is Outcome.PASSED


def test_store_is_reached_on_its_own_port() -> None:
    wrong = "services:\n  db:\n    image: postgres:16\n    ports: ['5433:5433']\n"

    assert inspected({"compose.yaml": wrong}, "environments/port-mismatch").outcome is Outcome.FAILED
    assert (
        inspected({"compose.yaml": wrong.replace("5433:5433", "5433:5432")}, "environments/port-mismatch").outcome
        is Outcome.PASSED
    )


def test_sidecars_open_ports_for_the_whole_pod() -> None:
    pod = _MANIFEST.replace(
        "          readinessProbe",
        "        - {name: exporter, image: acme/x-exporter:1, ports: [{name: metrics, containerPort: 9100}]}\n          readinessProbe",
    ).replace("          readinessProbe: {httpGet: {path: /ready, port: http}}\n", "")
    files = dict(_SOUND) | {
        "k8s/api.yaml": pod.replace(
            "ports: [{name: web, port: 80, targetPort: http}]",
            "ports: [{name: web, port: 80, targetPort: http}, {name: m, port: 9100, targetPort: metrics}]",
        )
    }

    assert inspected(files, "environments/port-mismatch").outcome is Outcome.PASSED


def test_script_that_is_started_says_its_port() -> None:
    files = {
        "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["python", "main.py"]\n',
        "main.py": "import uvicorn\n\nif __name__ == '__main__':\n    uvicorn.run('app:app', port=8000)\n",
        "compose.yaml": _COMPOSE.replace(":8000", ":8080"),
    }

    found = inspected(files, "environments/port-mismatch")

    assert found.outcome is Outcome.FAILED, found
    assert {related.at.path for related in found.findings[0].related} == {"main.py"}


def test_port_below_main_does_not_count_where_another_server_starts_the_application() -> None:
    files = {
        "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["gunicorn", "main:app", "-b", "0.0.0.0:8080"]\n',
        "main.py": "from flask import Flask\n\napp = Flask('x')\nif __name__ == '__main__':\n    app.run(port=5000)\n",
        "compose.yaml": _COMPOSE.replace(":8000", ":8080"),
    }

    assert inspected(files, "environments/port-mismatch").outcome is Outcome.PASSED


def test_start_script_is_followed() -> None:
    files = {
        "Dockerfile": 'FROM python:3.12\nCOPY . .\nENTRYPOINT ["./docker/entrypoint.sh"]\n',
        "docker/entrypoint.sh": "#!/bin/sh\nset -eu\nalembic upgrade head\nexec uvicorn app:app --port 8000\n",
        "app.py": "x = 1\n",
        "compose.yaml": _COMPOSE.replace(":8000", ":8080"),
    }

    found = inspected(files, "environments/port-mismatch")

    assert found.outcome is Outcome.FAILED, found
    assert {related.at.path for related in found.findings[0].related} == {"docker/entrypoint.sh"}
