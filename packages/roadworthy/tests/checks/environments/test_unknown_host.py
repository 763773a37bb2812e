"""Hosts in addresses, and who answers to them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "environments/unknown-host"


def outcome(url: str, more: str = "") -> Outcome:
    compose = (
        f"services:\n  api:\n    build: .\n    environment: {{A_URL: '{url}'}}\n  db:\n    image: postgres:16\n{more}"
    )
    return inspected({"compose.yaml": compose, "Dockerfile": "FROM python:3.12\nCMD x\n"}, _RULE).outcome


def test_host_of_the_store_by_another_name_is_found() -> None:
    assert outcome("postgresql+asyncpg://a@postgres:5432/a") is Outcome.FAILED


@pytest.mark.parametrize(
    "name", ["container_name: postgres", "hostname: postgres", "networks: {x: {aliases: [postgres]}}"]
)
def test_other_names_of_a_service_count(name: str) -> None:
    assert outcome("postgresql://a@postgres/a", f"    {name}\n") is Outcome.PASSED


@pytest.mark.parametrize(
    "url", ["https://api.stripe.com/v1", "postgresql://a@db.internal/a", "http://localhost:80", "http://10.0.0.1"]
)
def test_addresses_that_are_not_ours_are_left_alone(url: str) -> None:
    assert outcome(url) is Outcome.NOT_APPLICABLE


def test_a_server_that_nothing_here_runs_cannot_be_told() -> None:
    assert outcome("redis://cache:6379/0") is Outcome.INCONCLUSIVE


def test_variable_of_the_server_itself_is_not_looked_up() -> None:
    compose = (
        "services:\n  api:\n    build: .\n    environment: {DB_HOST: db}\n  db:\n    image: mariadb:11\n"
        "    environment: {MARIADB_HOST: shop, MARIADB_DATABASE: shop}\n"
    )
    files = {"compose.yaml": compose, "Dockerfile": "FROM python:3.12\nCMD x\n"}

    assert not inspected(files, "environments/unknown-host").findings
