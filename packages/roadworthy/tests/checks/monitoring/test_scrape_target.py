"""monitoring/scrape-target."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

APP = "from fastapi import FastAPI\nfrom prometheus_client import make_asgi_app\napp = FastAPI()\nmetrics = make_asgi_app()\napp.mount('/metrics', metrics)\n"
FILES = {
    "compose.yaml": "services:\n  api:\n    build: .\n    ports: ['18000:8000']\n  cache:\n    image: redis:7\n"
    "  prometheus:\n    image: prom/prometheus:v2.53.0\n    volumes: ['./prometheus.yml:/etc/prometheus/prometheus.yml']\n",
    "Dockerfile": 'FROM python:3.12-slim\nCOPY main.py /srv/\nCMD ["uvicorn", "main:app", "--port", "8000"]\n',
    "main.py": APP,
}


def config(target: str, path: str = "") -> str:
    """Return a configuration with one job."""
    at = f"    metrics_path: {path}\n" if path else ""
    return f"scrape_configs:\n  - job_name: api\n{at}    static_configs: [{{targets: ['{target}']}}]\n"


@pytest.mark.parametrize(
    ("target", "path", "word"),
    [
        ("api:18000", "", "port 18000"),
        ("api:8000", "/prometheus", "`/prometheus`"),
        ("apii:8000", "", "`apii`"),
    ],
)
def test_wrong_target_is_found_with_both_sides(target: str, path: str, word: str) -> None:
    result = inspected({**FILES, "prometheus.yml": config(target, path)}, "monitoring/scrape-target")

    (finding,) = result.findings
    assert finding.at is not None
    assert word in finding.message
    assert finding.related
    assert finding.at.path == "prometheus.yml"


@pytest.mark.parametrize("target", ["api:8000", "localhost:9090", "metrics.example.com:443"])
def test_right_target_and_addresses_elsewhere_give_no_finding(target: str) -> None:
    result = inspected({**FILES, "prometheus.yml": config(target)}, "monitoring/scrape-target")

    assert result.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE)


def test_host_cannot_be_told_where_prometheus_runs_elsewhere() -> None:
    files = {"prometheus.yml": config("api:8000")}

    assert inspected(files, "monitoring/scrape-target").outcome is Outcome.INCONCLUSIVE


def test_port_that_prometheus_client_opens_itself_cannot_be_told() -> None:
    app = APP + "from prometheus_client import start_http_server\nstart_http_server(9100)\n"

    result = inspected({**FILES, "main.py": app, "prometheus.yml": config("api:9100")}, "monitoring/scrape-target")

    assert not result.findings
