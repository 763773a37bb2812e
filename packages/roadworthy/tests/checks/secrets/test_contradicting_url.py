"""secrets/contradicting-url."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "secrets/contradicting-url"
SERVER = "      POSTGRES_USER: app\n      POSTGRES_DB: shop\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n"


def repository(url: str, server: str = SERVER, more: str = "", image: str = "postgres:16") -> dict[str, str]:
    """Return an api and its database in compose."""
    return {
        "app.py": "import os\nURL = os.environ['DATABASE_URL']\n",
        "Dockerfile": 'FROM python:3.12-slim\nCOPY app.py /\nCMD ["python", "/app.py"]\n',
        "compose.yaml": (
            f"services:\n  api:\n    build: .\n    environment:\n      DATABASE_URL: {url}\n"
            f"  db:\n    image: {image}\n    environment:\n{server}{more}"
        ),
    }


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("postgresql://other:${DB_PASSWORD}@db/shop", "user"),
        ("postgresql://app:${DB_PASSWORD}@db/store", "database"),
        ("postgresql+asyncpg://app:${DB_PASSWORD}@db:5433/shop", "port"),
    ],
)
def test_part_that_differs_fails_with_both_sides(url: str, part: str) -> None:
    result = inspected(repository(url), RULE)

    assert result.outcome is Outcome.FAILED
    (finding,) = result.findings
    assert part in finding.message
    assert finding.at is not None
    assert finding.at.line == 5
    assert [related.at.path for related in finding.related] == ["compose.yaml"]
    assert finding.related[0].at.line > 5


def test_two_literal_passwords_that_differ_fail_without_being_shown() -> None:
    server = SERVER.replace("${DB_PASSWORD}", "alpha-secret")

    result = inspected(repository("postgresql://app:beta-secret@db/shop", server), RULE)

    assert result.outcome is Outcome.FAILED
    assert "secret" not in str(result.findings).replace("secrets", "")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("postgresql://app:${DB_PASSWORD}@db:5432/shop", SERVER),
        ("postgresql://app:p%40ss@db/shop?sslmode=disable", SERVER.replace("${DB_PASSWORD}", "p@ss")),
        ("postgres://postgres:x@db/postgres", "      POSTGRES_PASSWORD: x\n"),
        ("postgres://app:x@db/app", "      POSTGRES_USER: app\n      POSTGRES_PASSWORD: x\n"),
        ("postgresql://${DB_USER}:${DB_PASSWORD}@db/${DB_NAME}", SERVER.replace("app", "${DB_USER}")),
    ],
)
def test_address_that_fits_holds(url: str, server: str) -> None:
    result = inspected(repository(url, server), RULE)

    assert result.outcome is Outcome.PASSED, result.reason


def test_server_elsewhere_is_not_compared() -> None:
    result = inspected(repository("postgresql://x:y@db.example.com:6000/z"), RULE)

    assert result.outcome is Outcome.NOT_APPLICABLE


def test_scripts_of_the_first_start_may_create_more() -> None:
    more = "    volumes: ['./init:/docker-entrypoint-initdb.d']\n"

    result = inspected(repository("postgresql://reader:${DB_PASSWORD}@db/shop", SERVER, more), RULE)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_passwords_from_two_variables_cannot_be_told() -> None:
    result = inspected(repository("postgresql://app:${APP_PASSWORD}@db/shop"), RULE)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_root_of_mysql_is_always_there() -> None:
    server = (
        "      MYSQL_ROOT_PASSWORD: r\n      MYSQL_USER: app\n      MYSQL_PASSWORD: p\n      MYSQL_DATABASE: shop\n"
    )

    result = inspected(repository("mysql+pymysql://root:r@db/shop", server, image="mysql:8"), RULE)

    assert result.outcome is Outcome.PASSED, result.reason
