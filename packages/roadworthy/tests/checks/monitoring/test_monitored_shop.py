"""One text changed in a sound shop: the rule it breaks says so, with a place in both files, and no other rule fails."""

import pytest

from monitored_shop import SHOP, changed, sides, tried
from repository import gathered
from roadworthy.engine.inspect import judge
from roadworthy.model.words import Outcome

RULES = "ops/prometheus/rules/shop.yml"
PROMETHEUS = "ops/prometheus/prometheus.yml"
DASHBOARD = "ops/grafana/dashboards/shop.json"
PROVIDER = "ops/grafana/provisioning/dashboards/files.yml"
DATASOURCE = "ops/grafana/provisioning/datasources/prometheus.yml"
METRICS, MAIN, COMPOSE = "shop/metrics.py", "shop/main.py", "compose.yaml"
RATIO = 'sum(rate(shop_requests_total{status=~"5.."}[5m]))\n            / sum(rate(shop_requests_total[5m]))'
BUCKETS = "(0.05, 0.1, 0.25, 0.5, 1, 2.5)"
JOB = '  - job_name: shop\n    static_configs:\n      - targets: ["shop:8000"]\n'

MUTANTS = [
    ("unknown-metric", RULES, "shop_queue_length", "shop_queue_size", METRICS),
    ("unknown-metric", METRICS, "shop_queue_length", "shop_waiting", RULES),
    ("unknown-label", RULES, "status=~", "code=~", METRICS),
    ("unknown-label", RULES, "by (le, route)", "by (le, path)", METRICS),
    ("unknown-label", RULES, "by (le, route)", "by (le)", RULES),
    ("unknown-label", DASHBOARD, "sum by (status)", "sum by (code)", METRICS),
    ("unknown-label", DASHBOARD, "shop_requests_total, route)", "shop_requests_total, path)", METRICS),
    ("impossible-label-value", RULES, 'status=~"5.."', 'status="5xx"', MAIN),
    ("impossible-label-value", PROMETHEUS, "job_name: shop", "job_name: store", RULES),
    ("counter-as-gauge", RULES, RATIO, 'sum(shop_requests_total{status=~"5.."}) * 1', METRICS),
    ("counter-as-gauge", RULES, RATIO, RATIO.replace("rate(", "(").replace("[5m]", ""), METRICS),
    ("gauge-as-counter", RULES, "max(shop_queue_length)", "max(rate(shop_queue_length[5m]))", METRICS),
    ("histogram-misuse", RULES, "rate(shop_request_duration_seconds_bucket[5m])", "shop_request_duration_seconds_bucket", METRICS),
    ("histogram-misuse", RULES, "sum by (le, route) (", "sum by (route) (", METRICS),
    ("histogram-misuse", RULES, "_seconds_bucket", "_seconds", METRICS),
    ("histogram-misuse", RULES, "_seconds_bucket", "_seconds_count", METRICS),
    ("unreachable-threshold", RULES, "> 0.5\n", "> 500\n", METRICS),
    ("unreachable-threshold", METRICS, BUCKETS, "(0.01, 0.05, 0.1)", RULES),
    ("unreachable-threshold", METRICS, BUCKETS, "(1, 5, 10)", RULES),
    ("unreachable-threshold", METRICS, BUCKETS, "(0.01, 0.1, 10)", RULES),
    ("unreachable-threshold", RULES, "> 0.05", "> 5", METRICS),
    ("unreachable-threshold", RULES, "[5m])) > 0.05", "[5m])) * 100 > 0.05", METRICS),
    ("absolute-error-rate", RULES, RATIO, 'sum(rate(shop_requests_total{status=~"5.."}[5m]))', RULES),
    ("short-range", RULES, "[5m]", "[20s]", PROMETHEUS),
    ("short-range", PROMETHEUS, "scrape_interval: 15s", "scrape_interval: 4m", RULES),
    ("scrape-target", PROMETHEUS, "shop:8000", "shop:9000", "Dockerfile"),
    ("scrape-target", MAIN, '"/metrics"', '"/internal/metrics"', PROMETHEUS),
    ("scrape-target", PROMETHEUS, "shop:8000", "store:8000", COMPOSE),
    ("unscraped-service", PROMETHEUS, JOB, "", MAIN),
    ("scraped-load-balancer", COMPOSE, "    build: .\n", "    build: .\n    deploy: {replicas: 2}\n", PROMETHEUS),
    ("unserved-metrics", MAIN, 'app.mount("/metrics", make_asgi_app())\n', "", PROMETHEUS),
    ("unbounded-label", MAIN, 'request.scope["route"].path', "request.url.path", METRICS),
    ("unbounded-label", MAIN, "LATENCY.labels(route)", "LATENCY.labels(route=str(request.url))", METRICS),
    ("dashboard-metric", DASHBOARD, "rate(shop_requests_total", "rate(shop_request_total", METRICS),
    ("unprovisioned-dashboard", COMPOSE, "      - ./ops/grafana/dashboards:/var/lib/grafana/dashboards:ro\n", "", PROVIDER),
    ("unprovisioned-dashboard", PROVIDER, "path: /var/lib", "path: /srv", COMPOSE),
    ("unprovisioned-dashboard", COMPOSE, "/etc/grafana/provisioning:ro", "/etc/grafana/provision:ro", PROVIDER),
    ("unprovisioned-dashboard", DASHBOARD, '"uid": "prometheus"}', '"uid": "prom"}', DATASOURCE),
    ("unprovisioned-dashboard", DATASOURCE, "prometheus:9090", "prom:9090", COMPOSE),
    ("volatile-alert-state", COMPOSE, "      - prometheus-data:/prometheus\n", "", COMPOSE),
    ("dead-error-tracker", MAIN, 'sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])\n', "", COMPOSE),
    ("unset-metric", MAIN, "    QUEUE.set(0)\n", "", METRICS),
    ("overbroad-selector", RULES, 'up{job="shop"} == 0', "up == 0", PROMETHEUS),
    ("overbroad-selector", RULES, 'up{job="shop"} == 0', "absent(up)", PROMETHEUS),
    ("unloaded-rules", COMPOSE, "rules:/etc/prometheus/rules:ro", "rules:/etc/prometheus/alerts:ro", PROMETHEUS),
    ("unrouted-alert", "ops/alertmanager.yml", "receiver: team", "receiver: oncall", "ops/alertmanager.yml"),
    ("unrouted-alert", PROMETHEUS, "alertmanager:9093", "alertmanager:9094", COMPOSE),
    ("unrouted-alert", COMPOSE, "      - ./ops/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro\n", "", COMPOSE),
]  # fmt: skip
OURS = tuple(dict.fromkeys(f"monitoring/{rule}" for rule, *_ in MUTANTS))


def failing(files: dict[str, str]) -> set[str]:
    return {r.rule for r in judge(gathered(files)) if r.outcome is Outcome.FAILED and r.rule in OURS}


def test_the_sound_shop_breaks_none_of_these_rules() -> None:
    assert failing(SHOP) == set()


@pytest.mark.parametrize(("rule", "path", "old", "new", "other"), MUTANTS)
def test_each_change_is_found_with_both_sides(rule: str, path: str, old: str, new: str, other: str) -> None:
    result = tried(rule, path, old, new)

    assert result.outcome is Outcome.FAILED, result.reason
    assert {place for place, _ in sides(result)} >= {other}
    assert all(len(finding.related) >= 1 for finding in result.findings)


@pytest.mark.parametrize(("rule", "path", "old", "new", "other"), MUTANTS[::6])
def test_nothing_else_fails(rule: str, path: str, old: str, new: str, other: str) -> None:
    assert failing(changed(path, old, new)) == {f"monitoring/{rule}"}
