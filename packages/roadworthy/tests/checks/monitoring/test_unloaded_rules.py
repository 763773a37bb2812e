"""monitoring/unloaded-rules."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

RULES = "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n"
CONFIG = "rule_files: ['{}']\nscrape_configs: []\n"


def compose(*mounts: str) -> str:
    """Return a compose file in which Prometheus has these mounts."""
    listed = "".join(f"      - {mount}\n" for mount in mounts)
    return f"services:\n  prometheus:\n    image: prom/prometheus:v2.53.0\n    volumes:\n{listed}"


def judged(files: dict[str, str]) -> Result:
    return inspected(files, "monitoring/unloaded-rules")


CONFIGURED = "./mon/prometheus.yml:/etc/prometheus/prometheus.yml"


@pytest.mark.parametrize(
    ("pattern", "mounts", "outcome"),
    [
        ("rules/*.yml", ["./mon/rules:/etc/prometheus/rules"], Outcome.PASSED),
        ("/etc/prometheus/rules/*.yml", ["./mon/rules:/etc/prometheus/rules"], Outcome.PASSED),
        ("rules/*.yml", ["./mon/rules:/rules"], Outcome.FAILED),
        ("rules/*.yaml", ["./mon/rules:/etc/prometheus/rules"], Outcome.FAILED),
        ("rules/*.yml", [], Outcome.FAILED),
        ("*.yml", ["./mon/rules/a.yml:/etc/prometheus/other.yml"], Outcome.PASSED),
    ],
)
def test_patterns_are_tried_where_the_container_sees_the_file(
    pattern: str, mounts: list[str], outcome: Outcome
) -> None:
    result = judged(
        {
            "compose.yaml": compose(CONFIGURED, *mounts),
            "mon/prometheus.yml": CONFIG.format(pattern),
            "mon/rules/a.yml": RULES,
        }
    )

    assert result.outcome is outcome
    assert all(finding.related for finding in result.findings)


def test_folder_that_holds_both_is_mounted_whole() -> None:
    result = judged(
        {
            "compose.yaml": compose("./mon:/etc/prometheus"),
            "mon/prometheus.yml": CONFIG.format("rules/*.yml"),
            "mon/rules/a.yml": RULES,
        }
    )

    assert result.outcome is Outcome.PASSED


def test_image_that_copies_the_files_sees_them() -> None:
    files = {
        "mon/Dockerfile": "FROM prom/prometheus:v2.53.0\nCOPY prometheus.yml /etc/prometheus/\nCOPY rules /etc/prometheus/rules\n",
        "compose.yaml": "services:\n  prometheus:\n    build: ./mon\n",
        "mon/prometheus.yml": CONFIG.format("rules/*.yml"),
        "mon/rules/a.yml": RULES,
    }

    assert judged(files).outcome is Outcome.PASSED
    assert judged(files | {"mon/prometheus.yml": CONFIG.format("rule/*.yml")}).outcome is Outcome.FAILED


def test_without_mounts_the_tree_decides_what_is_sure() -> None:
    beside = {"mon/prometheus.yml": CONFIG.format("rules/*.yml"), "mon/rules/a.yml": RULES}

    assert judged(beside).outcome is Outcome.PASSED
    assert judged(beside | {"mon/prometheus.yml": CONFIG.format("/etc/x/a.yml")}).outcome is Outcome.INCONCLUSIVE
    assert judged(beside | {"mon/prometheus.yml": CONFIG.format("/etc/x/b.yml")}).outcome is Outcome.FAILED


def test_no_configuration_here_cannot_be_told() -> None:
    assert judged({"rules.yml": RULES}).outcome is Outcome.INCONCLUSIVE


def test_config_map_is_followed_to_its_mount() -> None:
    def block(text: str) -> str:
        return "".join(f"    {line}\n" for line in text.splitlines())

    def manifest(pattern: str) -> str:
        return (
            "kind: ConfigMap\napiVersion: v1\nmetadata: {name: prom}\ndata:\n  prometheus.yml: |\n"
            + block(CONFIG.format(pattern))
            + "  alerts.yml: |\n"
            + block(RULES)
            + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: prometheus}\nspec:\n"
            "  selector: {matchLabels: {app: p}}\n  template:\n    metadata: {labels: {app: p}}\n    spec:\n"
            "      containers:\n        - name: prometheus\n          image: prom/prometheus:v2.53.0\n"
            "          volumeMounts: [{name: config, mountPath: /etc/prometheus}]\n"
            "      volumes: [{name: config, configMap: {name: prom}}]\n"
        )

    assert judged({"k8s/prom.yaml": manifest("/etc/prometheus/alerts.yml")}).outcome is Outcome.PASSED
    assert judged({"k8s/prom.yaml": manifest("/etc/prometheus/rules/*.yml")}).outcome is Outcome.FAILED


def test_operator_loads_what_its_selector_chooses() -> None:
    rule = (
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: r, labels: {release: prom}}\nspec:\n"
        + "".join(f"  {line}\n" for line in RULES.splitlines())
    )
    operator = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n  ruleSelector: {matchLabels: {release: %s}}\n"

    assert judged({"rule.yaml": rule}).outcome is Outcome.INCONCLUSIVE
    assert judged({"rule.yaml": rule, "p.yaml": operator % "prom"}).outcome is Outcome.PASSED
    assert judged({"rule.yaml": rule, "p.yaml": operator % "other"}).outcome is Outcome.FAILED
