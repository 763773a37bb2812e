"""Secrets become numbers, addresses become parts."""

import pytest

from repository import gathered
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.facts import Facts


def facts(*variables: str) -> Facts:
    listed = "".join(f"      - '{variable}'\n" for variable in variables)
    return gathered({"compose.yaml": f"services:\n  api:\n    image: acme/api:1\n    environment:\n{listed}"})


@pytest.mark.parametrize(
    "variable",
    [
        "DB_PASSWORD=hunter2hunter2",
        "DATABASE_URL=postgresql://app:hunter2hunter2@db/app",
        "CONNECTION=Server=db;User Id=sa;Password=hunter2hunter2",
        "BROKERS=redis://:hunter2hunter2@a:1,redis://:hunter2hunter2@b:2",
        "DATABASE_URL=postgresql://app:hunter2hunter2@${HOST}/app",
        "API_TOKEN=${PREFIX}-hunter2hunter2",
        "SENTRY_DSN=https://hunter2hunter2@sentry.example.org/1",
        "HOOK_URL=https://hooks.example.org/services/T0/hunter2hunter2hunter2hunter2",
        "DB_PASSWORD=${DB_PASSWORD:-hunter2hunter2}",
    ],
)
def test_no_secret_stands_in_facts(variable: str) -> None:
    assert "hunter2" not in repr(facts(variable))


def test_equal_passwords_have_equal_numbers() -> None:
    found = facts(
        "POSTGRES_PASSWORD=s3cret-word", "A_URL=postgresql://app:s3cret-word@db/app", "B_URL=postgresql://app:x@db/app"
    )

    given = {str(s.name): s.detail for s in found.symbols if isinstance(s.detail, EnvironmentGiven)}
    urls = {str(s.name): s.detail for s in found.symbols if isinstance(s.detail, UrlParts)}

    assert given["POSTGRES_PASSWORD"].secret == urls["A_URL"].password
    assert urls["B_URL"].password != urls["A_URL"].password


def test_a_password_from_the_same_variable_is_equal() -> None:
    found = facts("POSTGRES_PASSWORD=${PW}", "A_URL=postgresql://app:${PW}@db:5432/app")

    given = {str(s.name): s.detail for s in found.symbols if isinstance(s.detail, EnvironmentGiven)}
    (url,) = [s.detail for s in found.symbols if isinstance(s.detail, UrlParts)]

    assert given["POSTGRES_PASSWORD"].secret == url.password
    assert url == UrlParts("postgresql", "db", 5432, "app", url.password, "app", "/app")


def test_ordinary_values_stay() -> None:
    found = facts("LOG_LEVEL=info", "PUBLIC_URL=https://example.org/x")

    values = {str(s.name): s.detail.value for s in found.symbols if isinstance(s.detail, EnvironmentGiven)}

    assert values == {"LOG_LEVEL": "info", "PUBLIC_URL": "https://example.org/x"}
