"""Monitoring as a cluster, Grafana, a Pushgateway or another language does it: what is there is seen, and nothing is invented."""

from monitored_shop import SHOP, changed
from repository import gathered, inspected
from roadworthy.model.detail.metric import MetricDefinition, MetricUse
from roadworthy.model.detail.prometheus import ScrapeReach
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Outcome

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}%s}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1
          ports: [{containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: shop, labels: {app: shop}}
spec:
  selector: {app: shop}
  ports: [{port: 80, targetPort: 8000}]
"""
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: %s}}
  endpoints: [{port: http, interval: 30s}]
"""
CODE = {path: SHOP[path] for path in ("Dockerfile", "shop/__init__.py", "shop/metrics.py", "shop/main.py")}


def in_a_cluster(selected: str = "shop", annotations: str = "") -> dict[str, str]:
    return CODE | {"k8s/shop.yaml": DEPLOYMENT % annotations, "k8s/monitor.yaml": MONITOR % selected}


def test_a_service_monitor_reaches_what_its_labels_select() -> None:
    reached = {s.component for s in gathered(in_a_cluster()).references(Kind.JOB) if isinstance(s.detail, ScrapeReach)}

    assert len(reached) == 1
    assert inspected(in_a_cluster(), only="monitoring/unscraped-service").outcome is Outcome.PASSED
    assert inspected(in_a_cluster(), only="monitoring/scraped-load-balancer").outcome is Outcome.PASSED


def test_a_service_monitor_that_selects_nothing_here_leaves_it_open() -> None:
    result = inspected(in_a_cluster("store"), only="monitoring/unscraped-service")

    assert result.outcome is Outcome.INCONCLUSIVE


def test_an_annotation_with_a_port_nobody_listens_on_is_found() -> None:
    asking = ', annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9100"}'

    assert inspected(in_a_cluster(annotations=asking), only="monitoring/scrape-target").outcome is Outcome.FAILED


def test_alerts_of_grafana_are_alerts() -> None:
    files = CODE | {
        "grafana/alerting/shop.yml": """\
apiVersion: 1
groups:
  - name: shop
    rules:
      - uid: slow
        title: ShopSlow
        condition: C
        data:
          - refId: A
            datasourceUid: prometheus
            model: {expr: 'histogram_quantile(0.95, sum by (le) (rate(shop_request_duration_seconds_bucket[5m])))'}
          - refId: B
            datasourceUid: __expr__
            model: {type: reduce, expression: A, reducer: last}
          - refId: C
            datasourceUid: __expr__
            model: {type: threshold, expression: B, conditions: [{evaluator: {type: gt, params: [500]}}]}
"""
    }

    assert inspected(files, only="monitoring/unreachable-threshold").outcome is Outcome.FAILED
    assert inspected(files, only="monitoring/missing-alerts").outcome is Outcome.PASSED
    assert inspected(files, only="monitoring/unrouted-alert").outcome is Outcome.NOT_APPLICABLE


def test_what_a_script_pushes_is_defined_there_and_closes_the_gateway() -> None:
    script = """\
curl --data-binary @- "$PUSHGATEWAY/metrics/job/backup" <<METRICS
# TYPE shop_backup_time_seconds gauge
shop_backup_time_seconds{store="db"} $(date +%s)
METRICS
"""
    files = changed("ops/prometheus/rules/shop.yml", "shop_queue_length", "shop_backup_time_second")
    files["compose.yaml"] += "  data:\n"
    files["compose.yaml"] = files["compose.yaml"].replace(
        "services:\n", "services:\n  pushgateway:\n    image: prom/pushgateway:v1.11.1\n"
    )

    closed = gathered(files | {"scripts/backup.sh": script})

    (pushed,) = [s for s in closed.definitions(Kind.METRIC) if str(s.name) == "shop_backup_time_seconds"]
    assert isinstance(pushed.detail, MetricDefinition)
    assert (pushed.detail.type, pushed.at.line) == ("gauge", 3)
    assert inspected(files, only="monitoring/unknown-metric").outcome is Outcome.INCONCLUSIVE
    assert inspected(files | {"scripts/backup.sh": script}, only="monitoring/unknown-metric").outcome is Outcome.FAILED


def test_what_a_cron_job_pushes_is_read_with_its_labels() -> None:
    manifest = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: backup
              image: registry.example/backup:1
              command: [sh, -c]
              args:
                - |
                  echo "shop_backup_time_seconds{store=\\"db\\"} $(date +%s)" | curl --data-binary @- http://gateway:9091/metrics/job/backup
"""

    (pushed,) = [
        s.detail
        for s in gathered({"k8s/backup.yaml": manifest}).definitions(Kind.METRIC)
        if isinstance(s.detail, MetricDefinition)
    ]

    assert (pushed.family, pushed.labels) == ("shop_backup_time_seconds", ("store",))


def test_dashboards_for_exporters_that_are_not_ours_are_no_finding() -> None:
    dashboard = (
        '{"title": "N", "panels": [{"title": "p", "targets": [{"expr": "traefik_open_connections + weave_flows"}]}]}'
    )
    files = SHOP | {"ops/grafana/dashboards/node.json": dashboard}

    uses = [s for s in gathered(files).references(Kind.METRIC) if isinstance(s.detail, MetricUse)]

    assert any(str(s.name) == "weave_flows" for s in uses)
    assert inspected(files, only="monitoring/dashboard-metric").outcome is not Outcome.FAILED


def test_a_tracker_that_a_script_of_node_starts_is_alive() -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    build: .\n    environment:\n      SENTRY_DSN: ${SENTRY_DSN}\n",
        "Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["node", "index.js"]\n',
        "package.json": '{"dependencies": {"express": "4", "@sentry/node": "9"}}',
        "index.js": 'import * as Sentry from "@sentry/node";\nSentry.init({ dsn: process.env.SENTRY_DSN });\n',
    }

    assert inspected(files, only="monitoring/dead-error-tracker").outcome is Outcome.PASSED
    files["index.js"] = files["index.js"].replace("Sentry.init", "// Sentry.init")
    assert inspected(files, only="monitoring/dead-error-tracker").outcome is Outcome.FAILED
