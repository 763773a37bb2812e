"""Whether the service exports metrics."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "monitoring/missing-metrics"
_FILES = {
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/x')\ndef x() -> int:\n    return 1\n",
}


def test_service_that_counts_nothing_is_found() -> None:
    assert inspected(_FILES, _RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "from app.metrics import provider as metric_provider\n\ndef f() -> None:\n    metric_provider.counter('orders.taken', tags={})\n",
        "from app import telemetry\n\ndef f() -> None:\n    telemetry.client.timing('orders.seconds', 3)\n",
    ],
)
def test_metrics_handed_to_a_client_cannot_be_told(text: str) -> None:
    assert inspected(_FILES | {"app/orders.py": text}, _RULE).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "text",
    [
        "from collections import Counter\nstats = Counter()\n\ndef f() -> None:\n    stats.update('abc')\n",
        "from app import shapes\n\ndef f() -> None:\n    shapes.histogram('prices of a day')\n",
    ],
)
def test_other_counters_are_no_metrics(text: str) -> None:
    assert inspected(_FILES | {"app/orders.py": text}, _RULE).outcome is Outcome.FAILED
