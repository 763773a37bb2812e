"""Resources of the Prometheus operator: what they select and tell is compared like files of Prometheus' own."""

from repository import inspected

_APP = """
from fastapi import FastAPI
from prometheus_client import Counter, make_asgi_app

ORDERS = Counter("orders_total", "Orders")
app = FastAPI()
app.mount("/metrics", make_asgi_app())


@app.post("/orders")
def order() -> None:
    ORDERS.inc()
"""
_MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: shop-api}}
  template:
    metadata: {labels: {app: shop-api}}
    spec:
      containers:
        - name: api
          image: registry.example/shop/api:1.0.0
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {app: shop-api}}
spec:
  selector: {app: shop-api}
  ports: [{name: http, port: 8000, targetPort: http}]
"""
_RULES = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: shop, namespace: shop}
spec:
  groups:
    - name: shop
      rules:
        - alert: NoOrders
          expr: rate(orders_total[10m]) == 0
          labels: {severity: page}
"""


def _shop(label: str = "shop-api", port: str = "http") -> dict[str, str]:
    monitor = (
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: shop, namespace: shop}\n"
        f"spec:\n  selector: {{matchLabels: {{app: {label}}}}}\n  endpoints:\n    - port: {port}\n      path: /metrics\n"
    )
    dockerfile = 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0"]\n'
    return {"main.py": _APP, "Dockerfile": dockerfile, "k8s/api.yaml": _MANIFEST, "k8s/monitor.yaml": monitor}


def _routed(receiver: str) -> dict[str, str]:
    config = (
        "apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nmetadata: {name: shop, namespace: shop}\n"
        f"spec:\n  route: {{receiver: {receiver}}}\n  receivers:\n    - name: pager\n      pagerdutyConfigs:\n"
        "        - routingKey: {name: alerting, key: key}\n"
    )
    return _shop() | {"k8s/rules.yaml": _RULES, "k8s/alerting.yaml": config}


def test_a_monitor_that_selects_its_service_holds() -> None:
    assert not inspected(_shop(), only="monitoring/scrape-target").findings
    assert not inspected(_shop(), only="monitoring/unscraped-service").findings


def test_a_monitor_asks_a_port_the_service_does_not_name() -> None:
    (finding,) = inspected(_shop(port="metrics"), only="monitoring/scrape-target").findings

    assert finding.at is not None
    assert (finding.at.path, finding.related[0].at.path) == ("k8s/monitor.yaml", "k8s/api.yaml")


def test_a_monitor_misses_the_label_of_the_service() -> None:
    (finding,) = inspected(_shop(label="shop"), only="monitoring/unscraped-service").findings

    assert finding.at is not None
    assert {finding.at.path, *(side.at.path for side in finding.related)} >= {"main.py", "k8s/monitor.yaml"}


def test_a_monitor_for_something_else_leaves_it_open() -> None:
    assert not inspected(_shop(label="ingress-nginx"), only="monitoring/unscraped-service").findings


def test_alerts_are_routed_by_an_alertmanagerconfig() -> None:
    assert not inspected(_routed("pager"), only="monitoring/unrouted-alert").findings
    (finding,) = inspected(_routed("pagers"), only="monitoring/unrouted-alert").findings

    assert "`pagers`" in finding.message
