"""What gunicorn's configuration file says of ports and processes."""

import pytest

from repository import gathered, inspected
from roadworthy.model.detail.limit import ProcessesRun
from roadworthy.model.detail.port import PortUse
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Outcome

_FILES = {
    "gunicorn.conf.py": 'bind = "0.0.0.0:8080"\nworkers = 3\n',
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "Dockerfile": 'FROM python:3.12-slim\nCOPY . .\nCMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]\n',
    "compose.yaml": 'services:\n  api:\n    build: .\n    ports: ["80:8080"]\n',
}


@pytest.mark.parametrize(
    ("text", "command", "port"),
    [
        ('bind = "0.0.0.0:8080"\n', "-c gunicorn.conf.py app:app", "8080"),
        ('bind = ["[::]:9000"]\n', "--config=gunicorn.conf.py app:app", "9000"),
        ("bind = '0.0.0.0:8080'\n", "app:app", "8080"),
        ("workers = 3\n", "-c ./gunicorn.conf.py app:app", "8000"),
        ("import os\nbind = f\"0.0.0.0:{os.getenv('PORT', '7000')}\"\n", "-c python:gunicorn.conf app:app", "7000"),
        ('bind = "0.0.0.0:8080"\n', "-c gunicorn.conf.py -b :5001 app:app", "5001"),
    ],
)
def test_the_port_is_that_of_the_file_where_the_command_names_none(text: str, command: str, port: str) -> None:
    if "python:" in command:
        command = command.replace("python:gunicorn.conf", "gunicorn.conf.py")
    words = '", "'.join(["gunicorn", *command.split()])
    facts = gathered(
        _FILES | {"gunicorn.conf.py": text, "Dockerfile": f'FROM python:3.12-slim\nCOPY . .\nCMD ["{words}"]\n'}
    )

    found = {
        str(s.name)
        for s in facts.definitions(Kind.PORT, "api")
        if s.phase == "run" and isinstance(s.detail, PortUse) and s.detail.by == "command"
    }

    assert found == {port}


def test_a_port_nobody_listens_on_is_found_through_the_file() -> None:
    found = inspected(_FILES | {"gunicorn.conf.py": 'bind = "0.0.0.0:8000"\n'}, "environments/port-mismatch")

    assert found.outcome is Outcome.FAILED, found.reason
    assert {"gunicorn.conf.py"} <= {r.at.path for f in found.findings for r in f.related}


def test_the_number_of_processes_is_that_of_the_file() -> None:
    facts = gathered(_FILES)

    runs = [s for s in facts.details(Kind.SETTING, Action.DEFINES, ProcessesRun) if str(s.name) == "workers"]

    assert [(s.at.path, s.detail.count) for s in runs if isinstance(s.detail, ProcessesRun)] == [
        ("gunicorn.conf.py", 3)
    ]
