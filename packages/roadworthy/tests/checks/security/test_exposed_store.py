"""Stores, and who can reach them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/exposed-store"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("compose.yaml", '"127.0.0.1:5432:5432"', '"5432:5432"')]),
    (
        "fastapi",
        [
            (
                "compose.yaml",
                "  redis:\n    image: redis:7\n",
                '  redis:\n    image: redis:7\n    ports: ["6379:6379"]\n',
            )
        ],
    ),
    (
        "fastapi",
        [
            (
                "compose.yaml",
                "    image: postgres:16\n",
                "    image: postgres:16\n    environment: {POSTGRES_HOST_AUTH_METHOD: trust}\n",
            )
        ],
    ),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings


_DATABASE = "  db:\n    image: postgres:16\n    ports: ['5432:5432']\n"


@pytest.mark.parametrize(
    "files",
    [
        {"compose.dev.yaml": f"services:\n{_DATABASE}"},
        {"compose.yaml": f"services:\n{_DATABASE}", "compose.prod.yaml": "services: {api: {image: a}}"},
        {
            "compose.yaml": f"services:\n  api:\n    build: .\n    volumes: ['.:/app']\n{_DATABASE}",
            "Dockerfile": "FROM python:3.12\nCMD a",
        },
    ],
)
def test_what_only_developers_start_is_no_finding(files: dict[str, str]) -> None:
    assert not inspected(files, _RULE).findings


def test_store_alone_in_a_deployment_is_found() -> None:
    assert inspected({"compose.yaml": f"services:\n{_DATABASE}"}, _RULE).outcome is Outcome.FAILED


def test_service_of_type_load_balancer_before_a_store_is_found() -> None:
    manifest = """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "postgres:16"}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432}]}
"""

    assert inspected({"k8s/db.yaml": manifest}, _RULE).outcome is Outcome.FAILED
    assert not inspected({"k8s/db.yaml": manifest.replace("LoadBalancer", "ClusterIP")}, _RULE).findings


_CODE = {
    "package.json": '{"dependencies": {"fastify": "5"}}',
    "server.js": "require('fastify')().listen({port: 3000})\n",
}


def test_stores_alone_beside_a_service_that_nothing_deploys_are_for_developers() -> None:
    files = {"compose.yaml": f"services:\n{_DATABASE}", **_CODE}

    assert not inspected(files, _RULE).findings


def test_stores_alone_are_found_where_the_service_is_deployed_beside_them() -> None:
    deployed = {"compose.yaml": "services:\n  api:\n    build: .\n", "Dockerfile": "FROM node:24\nCMD node server.js\n"}

    assert inspected({"compose.db.yaml": f"services:\n{_DATABASE}", **_CODE, **deployed}, _RULE).findings


def test_compose_file_that_catches_the_mail_is_for_developers() -> None:
    files = {
        "compose.yaml": f"services:\n  api:\n    build: .\n  mail:\n    image: axllent/mailpit\n{_DATABASE}",
        "Dockerfile": "FROM python:3.12\nCMD a\n",
    }

    assert not inspected(files, _RULE).findings


def test_emulator_of_a_cloud_store_is_for_developers() -> None:
    files = {
        "compose.yaml": "services:\n  api:\n    build: .\n  cloud:\n    image: localstack/localstack:3\n" + _DATABASE,
        "Dockerfile": "FROM python:3.12\nCMD a\n",
    }

    assert not inspected(files, _RULE).findings


def test_pipeline_that_is_called_after_compose_is_no_compose_file_for_production() -> None:
    files = {
        "compose.yaml": f"services:\n  api:\n    build: .\n{_DATABASE}",
        "Dockerfile": "FROM python:3.12\nCMD a\n",
        ".github/workflows/deploy-docker-compose.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: x}]\n",
    }

    assert inspected(files, _RULE).findings
