"""Who waits for a store, and in which ways."""

import pytest

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


def test_a_command_that_tries_the_port_in_a_loop_will_do() -> None:
    command = "    command: bash -c 'while !</dev/tcp/db/5432; do sleep 1; done; python app.py'\n    depends_on: [db]\n"

    assert outcome(command) is Outcome.PASSED


@pytest.mark.parametrize(
    ("start", "script"),
    [("    command: ./start.sh\n", "start.sh"), ("", "rootfs/etc/s6-overlay/s6-rc.d/init-wait-for-db/run")],
)
def test_a_script_that_sleeps_before_it_starts_may_wait(start: str, script: str) -> None:
    text = "#!/bin/sh\nuntil python -m app.migrate; do\n  sleep 2\ndone\nexec python app.py\n"

    assert outcome(f"{start}    depends_on: [db]\n", **{script: text}) is Outcome.INCONCLUSIVE


def test_a_script_that_waits_and_that_nothing_starts_does_not() -> None:
    assert outcome("    depends_on: [db]\n", **{"wait-for-it.sh": "#!/bin/sh\nsleep 1\n"}) is Outcome.FAILED


def test_what_one_service_does_not_wait_for_is_one_finding() -> None:
    files = {
        "compose.yaml": f"services:\n  api:\n    build: .\n    depends_on: [db, redis]\n{_STORE}  redis:\n    image: redis:7\n",
        "Dockerfile": "FROM python:3.12\nCMD x\n",
    }

    (finding,) = inspected(files, _RULE).findings

    assert "db and redis answer" in finding.message
    assert len(finding.related) == 2
