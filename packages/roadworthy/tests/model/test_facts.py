"""What facts say of the whole."""

from repository import gathered

_APP = (
    "from fastapi import FastAPI\napp = FastAPI()\n\n\n@app.get('/orders')\ndef orders() -> list[str]:\n    return []\n"
)


def test_service_that_answers_requests_comes_first() -> None:
    files = {
        "compose.yaml": "services:\n  admin: {build: admin}\n  api: {build: api}\n",
        "admin/Dockerfile": "FROM nginx:1\nCOPY . /usr/share/nginx/html\n",
        "admin/index.html": "<p>\n",
        "api/Dockerfile": 'FROM python:3.12\nCOPY . /app\nCMD ["uvicorn", "main:app"]\n',
        "api/main.py": _APP,
    }

    assert [service.id for service in gathered(files).services][:1] == ["api"]


def test_service_without_a_deployment_is_declared_by_its_manifest() -> None:
    files = {
        ".env.example": "A=1\n",
        ".eslintrc.yml": "root: true\n",
        "package.json": '{"dependencies": {"express": "5"}}',
    }
    files |= {"server.js": "const express = require('express');\nexpress().listen(3000);\n"}

    (service,) = gathered(files).services

    assert service.declared[0].path == "package.json"


def test_program_that_keeps_the_mail_is_no_service_of_ours() -> None:
    files = {
        "compose.yaml": "services:\n  mail: {build: {context: ., dockerfile: mail.Dockerfile}}\n",
        "mail.Dockerfile": "FROM node:24\nRUN npm i -g maildev\nCMD maildev\n",
        "package.json": "{}",
    }

    assert "mail" not in [service.id for service in gathered(files).services]
