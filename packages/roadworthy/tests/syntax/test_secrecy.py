"""Which names are those of secrets, and command lines without them."""

import pytest

from roadworthy.syntax.secrecy import blotted, blotted_text, names_secret, stands_for_secret


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "PGPASSWORD", "API_KEY", "GITHUB_TOKEN", "JWT_SECRET", "SECRET_KEY_BASE"]
)
def test_names_of_secrets(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    ["TOKEN_URL", "PASSWORD_FILE", "TOKENIZERS_PARALLELISM", "KEY", "SECRET_NAME", "PASSWORD_MIN_LENGTH", "MONKEY"],
)
def test_names_of_no_secrets(name: str) -> None:
    assert not names_secret(name)


def test_placeholders_stand_for_secrets() -> None:
    assert all(map(stands_for_secret, ["", "changeme", "${X}", "<token>", "/run/secrets/x", "dummy-for-build"]))
    assert not stands_for_secret("s3cr3t-value")


@pytest.mark.parametrize(
    "words",
    [
        ("redis-server", "--requirepass", "hunter2"),
        ("redis-cli", "-a", "hunter2", "ping"),
        ("mysqladmin", "ping", "-phunter2"),
        ("app", "--db-password=hunter2"),
        ("env", "PGPASSWORD=hunter2", "psql"),
        ("psql", "postgres://app:hunter2@db/x"),
        ("curl", "-H", "Authorization: Bearer hunter2hunter2"),
        ("sh", "-c", "redis-cli -a hunter2 ping"),
    ],
)
def test_secrets_are_blotted_out_of_command_lines(words: tuple[str, ...]) -> None:
    assert "hunter2" not in repr(blotted(words))
    assert "hunter2" not in blotted_text(" ".join(words))


def test_variables_and_plain_options_stay() -> None:
    words = ("redis-cli", "-h", "cache", "--password", "$REDIS_PASSWORD", "ping")

    assert blotted(words) == words
    assert blotted_text("psql $URL -c 'select 1'") == "psql $URL -c 'select 1'"
