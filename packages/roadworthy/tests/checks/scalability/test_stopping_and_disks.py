"""What is written to the disk of one pod, and how long a process may take to stop."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: api}}}}
  template:
    metadata: {{labels: {{app: api}}}}
    spec:
      terminationGracePeriodSeconds: {grace}
      containers: [{{name: api, image: ghcr.io/acme/api:1}}]
"""
_NODE = {
    "Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["node", "server.js"]\n',
    "package.json": '{"name": "api", "dependencies": {"express": "4"}}\n',
    "server.js": 'process.on("SIGTERM", () => {\n  setTimeout(() => process.exit(1), 20_000);\n});\n',
}
_GUNICORN = {
    "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]\n',
    "gunicorn.conf.py": 'bind = "0.0.0.0:8000"\ngraceful_timeout = 60\n',
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
}


@pytest.mark.parametrize(("files", "short", "enough"), [(_NODE, 10, 25), (_GUNICORN, 30, 90)])
def test_the_grace_period_is_compared_with_what_the_process_takes(
    files: dict[str, str], short: int, enough: int
) -> None:
    broken = inspected({**files, "k8s/api.yaml": _POD.format(grace=short)}, "scalability/short-grace")
    mended = inspected({**files, "k8s/api.yaml": _POD.format(grace=enough)}, "scalability/short-grace")

    assert broken.outcome is Outcome.FAILED, broken.reason
    assert mended.outcome is Outcome.PASSED, mended.reason


@pytest.mark.parametrize(
    ("path", "kept"), [("/app/receipts/{id}.txt", True), ("/tmp/{id}.txt", False), ("{id}.txt", False)]
)
def test_files_that_a_route_writes_are_found_but_for_temporary_ones(path: str, kept: bool) -> None:
    code = (
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.post('/receipts/{id}')\ndef receive(id: str) -> None:\n"
        f"    with open(f'{path}', 'w') as file:\n        file.write(id)\n"
    )
    files = {
        "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
        "main.py": code,
        "k8s/api.yaml": _POD.format(grace=30),
    }

    assert (inspected(files, "scalability/local-state").outcome is Outcome.FAILED) == kept
