"""A command line becomes one process where it can, and a shell's where it must."""

import pytest

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.command import arguments


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("uvicorn app:app --port 80", ("uvicorn", "app:app", "--port", "80")),
        ("python -c 'print(1)'", ("/bin/sh", "-c", "python -c 'print(1)'")),
        ('gunicorn "my app"', ("gunicorn", "my app")),
        ("migrate && serve", ("/bin/sh", "-c", "migrate && serve")),
        ("serve --port $PORT", ("/bin/sh", "-c", "serve --port $PORT")),
        ("PORT=1 serve", ("/bin/sh", "-c", "PORT=1 serve")),
        (["a b", "$c"], ("a b", "$c")),
    ],
)
def test_words_are_split_unless_a_shell_is_needed(command: str | list[str], expected: tuple[str, ...]) -> None:
    assert arguments(command) == expected


@pytest.mark.parametrize("command", ["", "  ", []])
def test_nothing_cannot_be_started(command: str | list[str]) -> None:
    with pytest.raises(RoadworthyError, match="an empty command"):
        arguments(command)


def test_an_open_quote_is_named() -> None:
    with pytest.raises(RoadworthyError, match="cannot be split into words"):
        arguments('serve "half')
