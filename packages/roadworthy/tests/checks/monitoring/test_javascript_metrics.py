"""Metrics and logs of JavaScript services."""

import pytest

from repository import gathered, inspected
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Outcome

METRICS = """import client, { Counter, Histogram } from "prom-client";
const prefix = "orders";
export const created = new Counter({ name: `${prefix}_created_total`, help: "x", labelNames: ["status"] as const });
export const latency = new Histogram({
  name: "http_request_duration_seconds", help: "x", labelNames: ["method", "code"], buckets: [0.1, 0.5, 1],
});
client.collectDefaultMetrics({ prefix: "app_" });
"""
APP = """import express from "express";
import { created, latency } from "./metrics";
const app = express();
app.use((req, res, next) => {
  const end = latency.startTimer();
  res.on("finish", () => end({ method: req.method, code: res.statusCode }));
  next();
});
app.post("/orders", (req, res) => { created.inc({ status: req.body ? "stored" : "refused" }); res.end(); });
"""


def _files(expression: str, metrics: str = METRICS, app: str = APP) -> dict[str, str]:
    rule = f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: {expression}\n"
    return {
        "package.json": '{"dependencies": {"express": "5.1.0", "prom-client": "15.1.0"}}',
        "Dockerfile": 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "src/app.ts"]\n',
        "src/metrics.ts": metrics,
        "src/app.ts": app,
        "prometheus/rules.yml": rule,
        "prometheus/prometheus.yml": "scrape_configs:\n  - job_name: a\n    static_configs:\n      - targets: [app:3000]\n",
    }


@pytest.mark.parametrize(
    "expression",
    [
        "rate(orders_created_total[5m]) > 1",
        "histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m])) > 1",
        "app_nodejs_eventloop_lag_p99_seconds > 1",
        "app_process_resident_memory_bytes > 1",
    ],
)
def test_metrics_that_code_and_library_define_are_known(expression: str) -> None:
    assert inspected(_files(expression), "monitoring/unknown-metric").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("expression", "nearest"),
    [
        ("rate(orders_create_total[5m]) > 1", "orders_created_total"),
        ("rate(order_created_total[5m]) > 1", "orders_created_total"),
        ("nodejs_eventloop_lag_p99_seconds > 1", "app_nodejs_eventloop_lag_p99_seconds"),
    ],
)
def test_metric_that_nothing_exports_is_found(expression: str, nearest: str) -> None:
    (finding,) = inspected(_files(expression), "monitoring/unknown-metric").findings

    assert nearest in finding.message
    assert finding.related[0].at.path == "src/metrics.ts"


def test_labels_and_their_values_are_known() -> None:
    unknown = inspected(_files('rate(orders_created_total{result="stored"}[5m]) > 1'), "monitoring/unknown-label")
    impossible = inspected(
        _files('rate(orders_created_total{status="failed"}[5m]) > 1'), "monitoring/impossible-label-value"
    )
    possible = inspected(
        _files('rate(http_request_duration_seconds_count{code=~"5.."}[5m]) > 1'), "monitoring/impossible-label-value"
    )

    assert unknown.outcome is Outcome.FAILED
    assert "`stored`" in impossible.findings[0].message
    assert possible.outcome is Outcome.PASSED


def test_metric_that_nothing_sets_is_found_and_one_handed_on_is_not() -> None:
    rule = "monitoring/unset-metric"
    app = APP.replace('created.inc({ status: req.body ? "stored" : "refused" }); ', "")

    assert inspected(_files("up > 0", app=app), rule).outcome is Outcome.FAILED
    assert inspected(_files("up > 0", app=app + "\ntrack(created);\n"), rule).outcome is Outcome.PASSED
    by_name = app + '\nclient.register.getSingleMetric("orders_created_total").inc();\n'
    assert inspected(_files("up > 0", app=by_name), rule).outcome is Outcome.PASSED


def test_computed_name_opens_the_set() -> None:
    metrics = METRICS + "export const make = (name) => new Counter({ name, help: 'x' });\n"

    result = inspected(_files("rate(anything_total[5m]) > 1", metrics), "monitoring/unknown-metric")

    assert result.outcome is Outcome.INCONCLUSIVE


def test_metrics_of_nest_and_of_a_bundle_are_read() -> None:
    code = """import { makeCounterProvider } from "@willsoto/nestjs-prometheus";
import bundle from "express-prom-bundle";
export const providers = [makeCounterProvider({ name: "orders_total", help: "x", labelNames: ["status"] })];
export const middleware = bundle({ includeMethod: true, includePath: true, customLabels: { region: null } });
"""
    facts = gathered({"package.json": "{}", "src/a.ts": code})

    found = {
        str(s.name): s.detail.labels
        for s in facts.details(Kind.METRIC, Action.DEFINES, MetricDefinition)
        if isinstance(s.detail, MetricDefinition) and s.detail.source == "code"
    }
    assert found["orders_total"] == ("status",)
    assert found["http_request_duration_seconds_count"] == ("status_code", "method", "path", "region")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ('import pino from "pino";\nexport const log = pino();', Outcome.PASSED),
        ('import pino from "pino";\npino({ transport: { target: "pino-pretty" } });', Outcome.FAILED),
        (
            'import pino from "pino";\npino({ transport: dev ? { target: "pino-pretty" } : undefined });',
            Outcome.PASSED,
        ),
        ('import winston from "winston";\nwinston.createLogger({ format: winston.format.json() });', Outcome.PASSED),
        ('import winston from "winston";\nwinston.createLogger({ format: winston.format.simple() });', Outcome.FAILED),
        ("console.log('started');", Outcome.FAILED),
    ],
)
def test_form_of_log_lines_is_read(code: str, outcome: Outcome) -> None:
    result = inspected({**_files("up > 0"), "src/log.ts": code}, "monitoring/unstructured-logs")

    assert result.outcome is outcome


def test_logger_of_requests_gives_lines_their_id() -> None:
    rule = "monitoring/missing-correlation-id"
    files = _files("up > 0")
    files["src/log.ts"] = 'import pinoHttp from "pino-http";\nexport const http = pinoHttp();\n'

    assert inspected(files, rule).outcome is Outcome.PASSED
    files["src/log.ts"] = 'import pino from "pino";\nexport const log = pino();\n'
    assert inspected(files, rule).outcome is Outcome.FAILED
