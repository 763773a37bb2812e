"""Who waits for a store, and in which ways."""

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "environments/eager-start"
_STORE = "  db:\n    image: postgres:16\n"


def outcome(api: str, **more: str) -> Outcome:
    files = {
        "compose.yaml": f"services:\n  api:\n    build: .\n{api}{_STORE}",
        "Dockerfile": "FROM python:3.12\nCMD x\n",
    }
    return inspected(files | more, _RULE).outcome


def test_short_form_waits_for_nothing() -> None:
    files = {"compose.yaml": f"services:\n  api:\n    build: .\n    depends_on: [db]\n{_STORE}"}
    files |= {"Dockerfile": "FROM python:3.12\nCMD x\n"}

    found = inspected(files, _RULE)

    assert found.outcome is Outcome.FAILED
    assert [related.at.line for related in found.findings[0].related] == [5]


def test_started_is_not_ready() -> None:
    assert outcome("    depends_on: {db: {condition: service_started}}\n") is Outcome.FAILED


def test_healthy_is_ready() -> None:
    assert outcome("    depends_on: {db: {condition: service_healthy}}\n") is Outcome.PASSED


def test_a_command_that_waits_by_itself_will_do() -> None:
    assert outcome("    command: ./wait-for-it.sh db:5432 -- python app.py\n    depends_on: [db]\n") is Outcome.PASSED


def test_a_job_that_waited_will_do() -> None:
    job = "  migrate:\n    build: .\n    command: alembic upgrade head\n    depends_on: {db: {condition: service_healthy}}\n"
    api = "    depends_on: {db: {condition: service_started}, migrate: {condition: service_completed_successfully}}\n"

    assert outcome(api + job) is Outcome.PASSED


def test_monitoring_may_start_when_it_likes() -> None:
    files = {
        "compose.yaml": "services:\n  exporter:\n    image: prometheuscommunity/postgres-exporter\n    depends_on: [db]\n"
        + _STORE
    }

    assert inspected(files, _RULE).outcome is Outcome.NOT_APPLICABLE
