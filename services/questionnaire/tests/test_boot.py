"""What the service needs to start, and what it says when it does not get it."""

import pytest
from conftest import TOKEN
from service_process import boot, variables

GOOD_URL = "postgresql://questionnaire:hunter2-canary@127.0.0.1:1/questionnaire"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "garbage-canary",
        "http://canary:canary@host/database",
        "postgresql://",
        "postgresql://canary:canary@/database",
        "postgresql://canary:canary@host",
        "postgresql://canary:canary@host:notaport/database",
        "postgresql://canary:canary@host:0/database",
        "postgresql://canary:canary@[::1/database",
        "postgresql://canary:canary@host/database?nonsense=canary",
        "postgresql://questionnaire:replace-me-with-openssl-rand-hex-24@127.0.0.1:5432/questionnaire",
    ],
)
def test_a_wrong_database_address_stops_the_start(url: str | None) -> None:
    environment = variables() if url is None else variables(DATABASE_URL=url)

    result = boot(environment)

    assert result.returncode == 78
    assert "DATABASE_URL" in result.stderr
    assert "canary" not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "token", [None, "", "too-short-canary", "replace-me-with-openssl-rand-hex-32", "canary " * 10, "canaryé" * 10]
)
def test_a_wrong_token_stops_the_start(token: str | None) -> None:
    environment = variables(DATABASE_URL=GOOD_URL)
    del environment["API_TOKEN"]

    result = boot(environment if token is None else environment | {"API_TOKEN": token})

    assert result.returncode == 78
    assert "API_TOKEN" in result.stderr
    assert "canary" not in result.stderr + result.stdout


@pytest.mark.parametrize("size", ["0", "51", "many", "1.5"])
def test_a_wrong_pool_size_stops_the_start(size: str) -> None:
    result = boot(variables(DATABASE_URL=GOOD_URL, DATABASE_POOL_SIZE=size))

    assert result.returncode == 78
    assert "DATABASE_POOL_SIZE" in result.stderr


def test_every_wrong_variable_is_named_at_once() -> None:
    result = boot({"PATH": variables()["PATH"]})

    assert "DATABASE_URL" in result.stderr
    assert "API_TOKEN" in result.stderr
    assert TOKEN not in result.stderr
