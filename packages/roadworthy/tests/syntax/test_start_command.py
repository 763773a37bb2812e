"""Which ports start commands open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax.start_command import Listening, listening, scripts


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ("uvicorn app:app --host 0.0.0.0 --port 8080", 8080),
        ("uvicorn app:app --port=8080", 8080),
        ("exec gunicorn app:app -b 0.0.0.0:8080", 8080),
        ("gunicorn app:app --bind=:8080", 8080),
        ("gunicorn app:app -b 0.0.0.0", 8000),
        ("alembic upgrade head && uvicorn app:app --port 8080", 8080),
        ("uv run fastapi run app/main.py --port 8080", 8080),
        ("python -m uvicorn app:app --port 8080", 8080),
        ("python manage.py runserver 0.0.0.0:8080", 8080),
        ("flask run -p 8080", 8080),
        ("hypercorn app:app --bind [::]:8080", 8080),
        ("PYTHONPATH=. uvicorn app:app --port 8080", 8080),
    ],
)
def test_stated_port_is_read(command: str, port: int) -> None:
    assert [told.port for told in listening("shell", (command,))] == [port]
    assert [told.port for told in listening("exec", ("sh", "-c", command))] == [port]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("uvicorn app:app --port $PORT", Listening("uvicorn", None, "PORT")),
        ("uvicorn app:app --port ${PORT:-9000}", Listening("uvicorn", 9000, "PORT")),
        ("gunicorn app:app -b 0.0.0.0:${PORT}", Listening("gunicorn", None, "PORT")),
        ("uvicorn app:app", Listening("uvicorn", 8000, stated=False, overriding=("UVICORN_PORT",))),
    ],
)
def test_port_of_the_environment_is_kept_as_such(command: str, told: Listening) -> None:
    assert listening("shell", (command,)) == (told,)


@pytest.mark.parametrize(
    "command",
    ["gunicorn -c gunicorn.conf.py app:app", "uvicorn app:app --uds /tmp/x", "gunicorn -b unix:/tmp/x app:app"],
)
def test_what_cannot_be_read_says_why(command: str) -> None:
    (told,) = listening("shell", (command,))

    assert told.port is None
    assert told.why


@pytest.mark.parametrize(
    "command", ["celery -A app worker", "python app.py", "flask db upgrade", "nginx -g 'daemon off;'"]
)
def test_other_programs_say_nothing(command: str) -> None:
    assert listening("shell", (command,)) == ()


def test_scripts_that_are_started_are_named() -> None:
    assert scripts("exec", ("python", "-u", "src/main.py")) == ("src/main.py",)
    assert scripts("exec", ("python3", "-m", "shop.api")) == ("shop/api.py",)
    assert scripts("exec", ("python", "manage.py", "runserver")) == ()
    assert scripts("exec", ("python", "-m", "uvicorn", "x:y")) == ()


@given(st.sampled_from(["exec", "shell"]), st.lists(st.text(max_size=20), max_size=5))
def test_any_command_is_survived(form: str, words: list[str]) -> None:
    listening(form, tuple(words))
    scripts(form, tuple(words))
