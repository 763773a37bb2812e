"""A small shop with everything that watches it, sound in every part, for tests that break one of them."""

from repository import inspected
from roadworthy.model.result import Result

COMPOSE = """\
services:
  shop:
    build: .
    environment:
      SENTRY_DSN: ${SENTRY_DSN}
  prometheus:
    image: prom/prometheus:v3.5.0
    volumes:
      - ./ops/prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./ops/prometheus/rules:/etc/prometheus/rules:ro
      - prometheus-data:/prometheus
  alertmanager:
    image: prom/alertmanager:v0.28.1
    volumes:
      - ./ops/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro
      - alertmanager-data:/alertmanager
  grafana:
    image: grafana/grafana:12.0.0
    volumes:
      - ./ops/grafana/provisioning:/etc/grafana/provisioning:ro
      - ./ops/grafana/dashboards:/var/lib/grafana/dashboards:ro
volumes:
  prometheus-data:
  alertmanager-data:
"""
DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /srv
COPY shop/ shop/
CMD ["uvicorn", "shop.main:app", "--host", "0.0.0.0", "--port", "8000"]
"""
METRICS = """\
from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("shop_requests_total", "Requests.", ["method", "route", "status"])
LATENCY = Histogram("shop_request_duration_seconds", "Time.", ["route"], buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5))
QUEUE = Gauge("shop_queue_length", "Orders that wait.")
"""
MAIN = """\
import os

import sentry_sdk
from fastapi import FastAPI, Request
from prometheus_client import make_asgi_app

from shop.metrics import LATENCY, QUEUE, REQUESTS

sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])
app = FastAPI()
app.mount("/metrics", make_asgi_app())


@app.middleware("http")
async def measure(request: Request, call_next):
    response = await call_next(request)
    route = request.scope["route"].path
    REQUESTS.labels(request.method, route, response.status_code).inc()
    LATENCY.labels(route).observe(0.1)
    QUEUE.set(0)
    return response
"""
PROMETHEUS = """\
global:
  scrape_interval: 15s
rule_files:
  - rules/*.yml
alerting:
  alertmanagers:
    - static_configs:
        - targets: ["alertmanager:9093"]
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["shop:8000"]
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        labels: {severity: critical}
      - alert: ShopErrors
        expr: |
          sum(rate(shop_requests_total{status=~"5.."}[5m]))
            / sum(rate(shop_requests_total[5m])) > 0.05
        labels: {severity: critical}
        annotations:
          summary: More than 5% of the requests fail.
      - alert: ShopSlow
        expr: histogram_quantile(0.95, sum by (le, route) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5
        labels: {severity: critical}
        annotations:
          summary: "{{ $labels.route }} is slow."
      - alert: ShopQueue
        expr: max(shop_queue_length) > 100
        labels: {severity: critical}
"""
ALERTMANAGER = """\
route:
  receiver: team
receivers:
  - name: team
    webhook_configs:
      - url: https://hooks.example/team
"""
DATASOURCE = """\
apiVersion: 1
datasources:
  - name: Prometheus
    type: prometheus
    uid: prometheus
    url: http://prometheus:9090
"""
PROVIDER = """\
apiVersion: 1
providers:
  - name: files
    type: file
    options:
      path: /var/lib/grafana/dashboards
"""
DASHBOARD = """\
{
  "title": "Shop",
  "uid": "shop",
  "templating": {"list": [
    {"name": "route", "type": "query", "query": {"query": "label_values(shop_requests_total, route)"}}
  ]},
  "panels": [
    {"title": "Row", "type": "row", "panels": [
      {"title": "Requests", "datasource": {"type": "prometheus", "uid": "prometheus"}, "targets": [
        {"expr": "sum by (status) (rate(shop_requests_total{route=~\\"$route\\"}[$__rate_interval]))"}
      ]}
    ]},
    {"title": "Slow", "datasource": {"type": "prometheus", "uid": "prometheus"}, "targets": [
      {"expr": "histogram_quantile(0.95, sum by (le) (rate(shop_request_duration_seconds_bucket[5m])))"}
    ]}
  ]
}
"""
SHOP = {
    "compose.yaml": COMPOSE,
    "Dockerfile": DOCKERFILE,
    ".env.example": "SENTRY_DSN=\n",
    "shop/__init__.py": "",
    "shop/metrics.py": METRICS,
    "shop/main.py": MAIN,
    "ops/prometheus/prometheus.yml": PROMETHEUS,
    "ops/prometheus/rules/shop.yml": RULES,
    "ops/alertmanager.yml": ALERTMANAGER,
    "ops/grafana/provisioning/datasources/prometheus.yml": DATASOURCE,
    "ops/grafana/provisioning/dashboards/files.yml": PROVIDER,
    "ops/grafana/dashboards/shop.json": DASHBOARD,
}


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """Return the shop with one text replaced in one of its files."""
    if old not in SHOP[path]:
        raise ValueError(f"{path} does not hold {old!r}")
    return {**SHOP, path: SHOP[path].replace(old, new)}


def tried(rule: str, path: str, old: str, new: str) -> Result:
    """Return what one rule says of the shop with one text replaced."""
    return inspected(changed(path, old, new), only=f"monitoring/{rule}")


def sides(result: Result) -> list[tuple[str, int]]:
    """Return the file and line of every side of the findings."""
    return [
        (span.path, span.line)
        for finding in result.findings
        for span in (finding.at, *(related.at for related in finding.related))
        if span is not None
    ]
