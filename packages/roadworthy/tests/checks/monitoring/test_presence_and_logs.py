"""The presence rules of probes, metrics, alerts and logs, and unset-metric, missing-runbook, shared-probe."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

DOCKERFILE = 'FROM python:3.12-slim\nCOPY main.py /srv/\nCMD ["uvicorn", "main:app"]\n'
APP = "from fastapi import FastAPI\napp = FastAPI()\n"
GO = {"main.go": "package main\n", "Dockerfile": 'FROM golang:1.22\nCOPY . .\nCMD ["/app"]\n'}
PRESENCE = ["missing-metrics", "missing-alerts", "missing-probe", "unstructured-logs"]


@pytest.mark.parametrize("rule", PRESENCE)
def test_bare_service_lacks_each_family(rule: str) -> None:
    assert inspected({"Dockerfile": DOCKERFILE, "main.py": APP}, f"monitoring/{rule}").outcome is Outcome.FAILED


@pytest.mark.parametrize("rule", PRESENCE)
def test_repository_without_a_service_is_not_asked(rule: str) -> None:
    assert inspected({"README.md": "# x\n"}, f"monitoring/{rule}").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("rule", ["missing-metrics", "unstructured-logs", "missing-correlation-id"])
def test_language_that_is_not_read_cannot_be_told(rule: str) -> None:
    assert inspected(GO, f"monitoring/{rule}").outcome is Outcome.INCONCLUSIVE


def test_words_in_prose_and_comments_change_nothing() -> None:
    files = {
        "Dockerfile": DOCKERFILE,
        "main.py": APP + "# prometheus metrics, alerts, /health, JSON logs\n",
        "README.md": "metrics alerts",
    }

    assert all(inspected(files, f"monitoring/{rule}").outcome is Outcome.FAILED for rule in PRESENCE)


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("import logging\nlogging.basicConfig(format='%(message)s')", Outcome.FAILED),
        ("import logging.config\nlogging.config.dictConfig(load())", Outcome.INCONCLUSIVE),
        (
            "import logging.config\nlogging.config.dictConfig({'f': {'class': 'pythonjsonlogger.jsonlogger.JsonFormatter'}})",
            Outcome.PASSED,
        ),
        ("from loguru import logger\nlogger.add(sink, serialize=True)", Outcome.PASSED),
        ("from loguru import logger\nlogger.add(sink)", Outcome.FAILED),
        ("from roadworthy_runtime import Roadworthy\nRoadworthy(app, service='a')", Outcome.PASSED),
        (
            "import json, logging\nclass F(logging.Formatter):\n    def format(self, r):\n        return json.dumps({'m': r.msg})",
            Outcome.PASSED,
        ),
    ],
)
def test_form_of_log_lines_is_recognised(line: str, outcome: Outcome) -> None:
    files = {"Dockerfile": DOCKERFILE, "main.py": APP + line + "\n"}

    assert inspected(files, "monitoring/unstructured-logs").outcome is outcome


@pytest.mark.parametrize(
    ("use", "outcome"),
    [
        ("from m import C\nC.inc()\n", Outcome.PASSED),
        ("import m\nm.C.inc()\n", Outcome.PASSED),
        ("from m import C as counter\ncounter.inc()\n", Outcome.PASSED),
        ("from m import C\nregister([C])\n", Outcome.PASSED),
        ("from m import C\n", Outcome.FAILED),
        ("# C.inc()\n", Outcome.FAILED),
    ],
)
def test_metric_must_be_touched_somewhere(use: str, outcome: Outcome) -> None:
    code = "from prometheus_client import Counter\nC = Counter('orders_total', 'O.')\n"

    assert inspected({"m.py": code, "u.py": use}, "monitoring/unset-metric").outcome is outcome


def test_metric_that_only_tests_set_is_unset() -> None:
    code = "from prometheus_client import Counter\nC = Counter('orders_total', 'O.')\n"

    result = inspected({"m.py": code, "tests/test_m.py": "from m import C\nC.inc()\n"}, "monitoring/unset-metric")

    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("docs/runbooks/down.md", Outcome.PASSED),
        ("docs/runbooks/up.md", Outcome.FAILED),
        ("https://github.com/acme/api/blob/main/docs/runbooks/down.md", Outcome.PASSED),
        ("https://github.com/acme/api/blob/main/docs/runbooks/up.md", Outcome.FAILED),
        ("https://github.com/acme/other/blob/main/ops/up.md", Outcome.NOT_APPLICABLE),
        ("https://wiki.example/up", Outcome.NOT_APPLICABLE),
        ("'{{ $externalURL }}/up.md'", Outcome.NOT_APPLICABLE),
    ],
)
def test_runbook_is_looked_up_in_this_repository_only(address: str, outcome: Outcome) -> None:
    rules = f"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up\n        annotations: {{runbook_url: {address}}}\n"
    files = {"rules.yml": rules, "docs/runbooks/down.md": "# Down\n"}

    assert inspected(files, "monitoring/missing-runbook").outcome is outcome


def test_metric_may_be_set_in_a_file_that_cannot_be_read() -> None:
    code = "from prometheus_client import Counter\nC = Counter('orders_total', 'O.')\n"

    result = inspected({"m.py": code, "u.py": "from m import C\ndef f(:\n    C.inc()\n"}, "monitoring/unset-metric")

    assert result.outcome is Outcome.INCONCLUSIVE
