"""What documents promise, and the programs their commands call."""

import pytest

from repository import example, inspected
from roadworthy.checks.documentation import contradicting_promise, missing_runbook_tool
from roadworthy.model.words import Outcome

RULE = "documentation/contradicting-promise"
FILES = example(contradicting_promise.__doc__ or "", "Passes")
RULES = """groups:
  - name: a
    rules:
      - alert: Slow
        expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5
      - alert: Errors
        expr: sum(rate(r_total{status=~"5.."}[1h])) / sum(rate(r_total[1h])) > 14.4 * 0.001
"""


def promising(text: str, **more: str) -> Outcome:
    page = FILES | {"docs/operations.md": f"# Operations\n\n{text}\n", "prometheus/rules.yml": RULES} | more
    return inspected(page, RULE).outcome


@pytest.mark.parametrize(
    "text",
    [
        "Backups are kept for 30 days.",
        "The database is dumped every night at 04:00.",
        "Backups are made every 6 hours.",
        "RPO: 1 hour, RTO: 4 hours.",
        "| Latency | p95 < 300 ms |",
        "95 % of requests are answered within 300 ms.",
        "Availability objective: 99.5 % a month.",
    ],
)
def test_a_number_that_nothing_keeps_is_found_with_both_sides(text: str) -> None:
    page = FILES | {"docs/operations.md": f"# Operations\n\n{text}\n", "prometheus/rules.yml": RULES}

    result = inspected(page, RULE)

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].related


@pytest.mark.parametrize(
    "text",
    [
        "Backups are kept for 7 days.",
        "The nightly backup is made at 02:30.",
        "RPO: 24 hours.",
        "The p95 stays below 600 ms.",
        "Availability: 99.9 %.",
        "Our provider promises an availability of 99.5 %.",
        "Every week the newest backup is restored.",
        "Logs are kept for 30 days.",
    ],
)
def test_a_number_that_is_kept_or_not_ours_is_none(text: str) -> None:
    assert promising(text) is Outcome.PASSED


def test_two_documents_that_disagree_are_found_and_a_decision_of_old_is_none() -> None:
    files = {"README.md": "Availability: 99.9 %\n", "docs/slo.md": "Availability: 99.5 %\n"}
    old = {"README.md": "Availability: 99.9 %\n", "docs/decisions/1.md": "Availability: 99.5 %\n"}

    assert inspected(files, RULE).outcome is Outcome.FAILED
    assert inspected(old, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("docker compose exec -T api curl -fsS localhost:8000/health", Outcome.FAILED),
        ("docker-compose exec api psql -c 'SELECT 1'", Outcome.FAILED),
        ("docker compose exec db psql -U orders", Outcome.PASSED),
        ("docker compose exec api python -c 'print(1)'", Outcome.PASSED),
        ("docker compose exec elsewhere curl x", Outcome.PASSED),
    ],
)
def test_a_program_is_looked_for_in_the_container_that_is_named(command: str, outcome: Outcome) -> None:
    files = example(missing_runbook_tool.__doc__ or "", "Passes")

    page = {"docs/runbook.md": f"# Runbook\n\n```sh\n{command}\n```\n"}

    assert inspected(files | page, "documentation/missing-runbook-tool").outcome is outcome
