"""Passwords that anyone tries first, in compose and in Kubernetes."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "security/default-password"
_COMPOSE = "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: VALUE\n"
_DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  selector: {matchLabels: {app: db}}\n"
    "  template:\n    metadata: {labels: {app: db}}\n    spec:\n      containers:\n"
    "        - {name: db, image: 'mysql:8', env: [{name: MYSQL_ROOT_PASSWORD, value: VALUE}]}\n"
)


@pytest.mark.parametrize("value", ["postgres", "admin", "Password", "changeme", "'123456'"])
def test_a_password_anyone_tries_is_found(value: str) -> None:
    assert inspected({"compose.yaml": _COMPOSE.replace("VALUE", value)}, _RULE).outcome is Outcome.FAILED
    assert inspected({"k8s/db.yaml": _DEPLOYMENT.replace("VALUE", value)}, _RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize("value", ["${DB_PASSWORD:?}", "${DB_PASSWORD:-postgres}", "v8Q2-long-and-random", "''"])
def test_what_is_given_from_outside_or_is_no_such_word_holds(value: str) -> None:
    assert not inspected({"compose.yaml": _COMPOSE.replace("VALUE", value)}, _RULE).findings


def test_a_compose_file_for_development_is_left_alone() -> None:
    assert not inspected({"compose.dev.yaml": _COMPOSE.replace("VALUE", "postgres")}, _RULE).findings


def test_the_password_stands_in_no_message() -> None:
    found = inspected({"compose.yaml": _COMPOSE.replace("VALUE", "letmein")}, _RULE)

    assert "letmein" not in "".join(f.message + (f.repair or "") for f in found.findings)
