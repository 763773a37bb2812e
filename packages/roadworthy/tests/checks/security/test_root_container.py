"""Whom containers run as."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "security/root-container"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("FROM python:3.12-slim\nCMD x\n", Outcome.FAILED),
        ("FROM python:3.12-slim\nUSER app\nUSER root\nCMD x\n", Outcome.FAILED),
        ("FROM python:3.12-slim AS a\nUSER 1000:1000\nFROM a\nCMD x\n", Outcome.PASSED),
        ("FROM gcr.io/distroless/static-debian12:nonroot\nCMD x\n", Outcome.PASSED),
        ("FROM nginxinc/nginx-unprivileged:1.27\nCMD x\n", Outcome.PASSED),
        ("FROM acme/base:1\nCMD x\n", Outcome.INCONCLUSIVE),
        ("ARG U\nFROM python:3.12-slim\nARG U\nUSER $U\nCMD x\n", Outcome.INCONCLUSIVE),
        ('FROM python:3.12-slim\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n', Outcome.PASSED),
        ("FROM node:20 AS build\nFROM nginx:1.27\n", Outcome.INCONCLUSIVE),
    ],
)
def test_user_of_the_shipped_stage_decides(text: str, outcome: Outcome) -> None:
    assert inspected({"Dockerfile": text, "run.sh": 'chown a /x\nexec gosu app "$@"\n'}, RULE).outcome is outcome


def test_user_that_the_pod_is_given_counts() -> None:
    pod = """apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 1000}
      containers: [{name: api, image: acme/api:1}]
"""
    files = {
        "Dockerfile": 'FROM python:3.12-slim\nCOPY . /app\nCMD ["python", "/app/main.py"]\n',
        "main.py": "print(1)\n",
    }

    assert inspected({**files, "k8s/api.yaml": pod}, "security/root-container").outcome is Outcome.PASSED
    assert inspected(
        {**files, "k8s/api.yaml": pod.replace("runAsNonRoot: true, runAsUser: 1000", "fsGroup: 1000")},
        "security/root-container",
    ).findings
