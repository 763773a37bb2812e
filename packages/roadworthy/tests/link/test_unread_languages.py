"""Languages that are not read open what their components may define, and nothing else."""

from repository import gathered
from roadworthy.model.symbol import Kind

PYTHON = {"api/requirements.txt": "fastapi==0.115.0\n", "api/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
PYTHON |= {"api/Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["uvicorn", "main:app"]\n'}


def opened(files: dict[str, str]) -> set[str]:
    """Return the components whose code is opened for its language."""
    return {o.component for o in gathered(files).openings(Kind.CONSTRUCT) if "shows code in" in o.reason}


def test_front_end_opens_nothing() -> None:
    front = {"web/package.json": '{"dependencies": {"react": "18", "axios": "1"}}', "web/src/a.tsx": "x\n"}
    front |= {"web/Dockerfile": 'FROM nginx:1\nCOPY . /x\nCMD ["nginx"]\n'}

    assert opened(PYTHON | front) == set()


def test_server_in_another_language_opens_its_component_only() -> None:
    other = {"worker/go.mod": "module w\n", "worker/main.go": "package main\n"}
    other |= {"worker/Dockerfile": 'FROM golang:1.22\nCOPY . .\nCMD ["./w"]\n'}

    assert opened(PYTHON | other) == {"worker"}


def test_express_is_read() -> None:
    files = {"package.json": '{"dependencies": {"express": "4"}}', "index.js": "x\n"}

    assert opened(files) == set()


def test_framework_of_javascript_that_is_not_read_opens_paths_and_ports_only() -> None:
    files = {"package.json": '{"dependencies": {"@hapi/hapi": "21"}}', "index.js": "x\n"}
    facts = gathered(files)

    assert any("@hapi/hapi" in o.reason for o in facts.openings(Kind.PATH))
    assert not [o for o in facts.openings(Kind.METRIC) if "@hapi/hapi" in o.reason]
