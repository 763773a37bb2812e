"""What health commands ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax.probe_command import Question, asked


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (("curl", "-f", "http://localhost:8000/health"), Question("8000", "/health")),
        (("curl -f http://127.0.0.1/health || exit 1",), Question("80", "/health")),
        (("wget", "-qO-", "localhost:8080/x?y=1"), Question("8080", "/x")),
        (("python", "-c", "urllib.request.urlopen('http://localhost:9000/live')"), Question("9000", "/live")),
        (("curl", "http://localhost:${PORT:-7000}/x"), Question("7000", "/x")),
        (("curl", "http://localhost:$PORT/x"), Question("", "/x")),
        (("nc", "-z", "localhost", "5432"), Question("5432", "")),
    ],
)
def test_address_is_read(words: tuple[str, ...], question: Question) -> None:
    assert asked(words) == (question,)


@pytest.mark.parametrize("words", [("pg_isready", "-h", "localhost"), ("curl", "https://example.org/x"), ("true",)])
def test_other_commands_ask_nothing_here(words: tuple[str, ...]) -> None:
    assert asked(words) == ()


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_command_is_survived(words: list[str]) -> None:
    asked(tuple(words))
