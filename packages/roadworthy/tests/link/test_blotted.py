"""No secret stands in a fact, wherever in the repository it was written."""

import json

import pytest

from repository import gathered
from roadworthy.link.blotted import blotted
from roadworthy.model.codec import encode

FILES = {
    "app/main.py": (
        "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "KEY = os.getenv('API_SECRET', 'canary-python')\n"
        "URL = os.getenv('DATABASE_URL', 'postgresql://app:canary-default@db/app')\n"
    ),
    "Dockerfile": (
        "FROM python:3.12-slim\nARG TOKEN=canary-argument\nENV PASSWORD=canary-image\n"
        "RUN curl -u user:canary-curl https://x.example && docker login -u me --password canary-login\n"
        'COPY app app\nCMD ["uvicorn", "app.main:app", "--token=canary-word"]\n'
    ),
    "compose.yaml": (
        "services:\n  api:\n    build: .\n    environment:\n      SECRET_KEY: canary-compose\n"
        "      DATABASE_URL: postgresql://app:canary-url@db/app\n"
        "  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD: canary-server}\n"
    ),
    "k8s/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {token: Y2FuYXJ5LWt1YmU=}\nstringData: {a: canary-string}\n",
    "prod.env": "API_TOKEN=canary-dotenv\n",
    "requirements.txt": "thing @ git+https://canary-requirement@example.org/thing.git\n",
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  a:\n    runs-on: x\n    env: {API_TOKEN: canary-workflow}\n    steps:\n"
        "      - run: curl -H 'Authorization: Bearer canary-header' https://x.example?token=canary-query\n"
    ),
    "migrations/1.sql": "ALTER USER app WITH PASSWORD 'canary-sql';\n",
}


def test_no_canary_reaches_the_facts() -> None:
    facts = json.dumps(encode(gathered(FILES)))

    assert [part.partition('"')[0] for part in facts.split("canary-")[1:]] == []
    assert "Y2FuYXJ5LWt1YmU=" not in facts


@pytest.mark.parametrize(
    "text",
    [
        "uvicorn app.main:app --port 8000",
        "https://a.example/b?c=d",
        "pg_dump -U app -h db shop",
        "a-b_c:d",
        "--key-file x",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert blotted(text) == text
