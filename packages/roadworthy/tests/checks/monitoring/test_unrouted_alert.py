"""monitoring/unrouted-alert."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

RULES = "groups:\n  - name: a\n    rules:\n      - alert: {}\n        expr: up == 0\n        labels: {{severity: {}}}\n"
HOOK = "[{url: 'https://hooks.example/a'}]"


def judged(alertmanager: str, severity: str = "critical", alert: str = "Down", **files: str) -> Result:
    more = {name.replace("__", "."): body for name, body in files.items()}
    found = {"rules.yml": RULES.format(alert, severity), **more}
    return inspected(found | ({"alertmanager.yml": alertmanager} if alertmanager else {}), "monitoring/unrouted-alert")


@pytest.mark.parametrize(
    ("route", "receivers", "outcome"),
    [
        ("{receiver: a}", f"[{{name: a, webhook_configs: {HOOK}}}]", Outcome.PASSED),
        ("{receiver: a}", "[{name: a}]", Outcome.FAILED),
        ("{receiver: a}", "[{name: a, webhook_configs: [{url: ''}]}]", Outcome.FAILED),
        ("{receiver: a}", "[{name: a, email_configs: [{}]}]", Outcome.FAILED),
        ("{receiver: a}", "[{name: a, slack_configs: [{channel: x}]}]", Outcome.FAILED),
        ("{receiver: b}", f"[{{name: a, webhook_configs: {HOOK}}}]", Outcome.FAILED),
        (
            "{receiver: a, routes: [{match: {severity: critical}, receiver: b}]}",
            f"[{{name: a}}, {{name: b, webhook_configs: {HOOK}}}]",
            Outcome.PASSED,
        ),
        (
            "{receiver: b, routes: [{matchers: ['severity=~\"crit.*\"'], receiver: a}]}",
            f"[{{name: a}}, {{name: b, webhook_configs: {HOOK}}}]",
            Outcome.FAILED,
        ),
        (
            "{receiver: b, routes: [{matchers: ['severity=\"critical\"'], receiver: a, continue: true}, {receiver: b}]}",
            f"[{{name: a}}, {{name: b, webhook_configs: {HOOK}}}]",
            Outcome.PASSED,
        ),
        (
            "{receiver: a, routes: [{match: {team: x}, receiver: b}]}",
            f"[{{name: a}}, {{name: b, webhook_configs: {HOOK}}}]",
            Outcome.INCONCLUSIVE,
        ),
        (
            "{receiver: b, routes: [{match: {severity: critical}, receiver: 'null'}]}",
            f"[{{name: 'null'}}, {{name: b, webhook_configs: {HOOK}}}]",
            Outcome.PASSED,
        ),
    ],
)
def test_alert_ends_where_the_routes_lead(route: str, receivers: str, outcome: Outcome) -> None:
    result = judged(f"route: {route}\nreceivers: {receivers}\n")

    assert result.outcome is outcome, result
    assert all(finding.related for finding in result.findings)


def test_alert_that_is_for_nobody_may_end_nowhere() -> None:
    silent = "route: {receiver: a}\nreceivers: [{name: a}]\n"

    assert judged(silent, severity="none").outcome is Outcome.PASSED
    assert judged(silent, alert="Watchdog").outcome is Outcome.PASSED


def test_no_alertmanager_here_cannot_be_told() -> None:
    assert judged("").outcome is Outcome.INCONCLUSIVE


def test_prometheus_without_alertmanager_is_found() -> None:
    config = "rule_files: [rules.yml]\nscrape_configs: []\n"
    told = config + "alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n"

    assert judged("", prometheus__yml=config).outcome is Outcome.FAILED
    assert judged("", prometheus__yml=told).outcome is Outcome.INCONCLUSIVE
