"""Load tests judge something, by metrics that exist, and ask for paths that are served."""

import pytest

from repository import inspected

_APP = """from fastapi import FastAPI
app = FastAPI()
@app.get("/orders/{number}")
def order(number: int): ...
@app.post("/orders")
def store(): ...
"""
_SERVICE = {
    "app/main.py": _APP,
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app /srv/app\nCMD ["uvicorn", "app.main:app"]\n',
}
_K6 = """import http from "k6/http";
import { Trend } from "k6/metrics";
const waited = new Trend("waited");
export const options = { thresholds: { METRIC: ["p(95)<300"] } };
export default function () {
  http.get(`${__ENV.BASE_URL}PATH/${__ITER}`);
  http.post(__ENV.BASE_URL + "/orders", "{}");
}
"""


def _k6(metric: str = '"http_req_duration{name:order}"', path: str = "/orders") -> dict[str, str]:
    return {**_SERVICE, "load/orders.js": _K6.replace("METRIC", metric).replace("PATH", path)}


@pytest.mark.parametrize("metric", ['"http_req_duration{name:order}"', "http_req_failed", "waited"])
def test_metrics_of_the_tool_and_of_the_script_are_known(metric: str) -> None:
    assert inspected(_k6(metric), only="tests/impossible-load-test").outcome == "passed"


def test_a_metric_nobody_measures_is_found_with_the_nearest() -> None:
    (finding,) = inspected(_k6("http_req_durations"), only="tests/impossible-load-test").findings

    assert "the nearest is `http_req_duration`" in finding.message


def test_a_path_nobody_serves_is_found_with_both_sides() -> None:
    (finding,) = inspected(_k6(path="/order"), only="tests/impossible-load-test").findings

    assert finding.at is not None
    assert finding.at.path == "load/orders.js"
    assert finding.related[0].at.path == "app/main.py"


def test_a_metric_that_an_imported_module_may_define_is_not_guessed_at() -> None:
    files = _k6("http_req_durations")
    files["load/orders.js"] = 'import { waits } from "./waits.js";\n' + files["load/orders.js"]

    assert inspected(files, only="tests/impossible-load-test").outcome == "inconclusive"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        ("load/a.js", 'import http from "k6/http";\nexport default () => http.get("http://x/");\n', "failed"),
        ("load/a.js", _K6, "passed"),
        ("load/artillery.yml", "config:\n  phases: [{duration: 9, arrivalRate: 5}]\nscenarios: []\n", "failed"),
        (
            "load/artillery.yml",
            "config:\n  phases: [{duration: 9, arrivalRate: 5}]\n  ensure: {maxErrorRate: 1}\nscenarios: []\n",
            "passed",
        ),
        ("load/locustfile.py", "from locust import HttpUser\nclass A(HttpUser): ...\n", "inconclusive"),
    ],
)
def test_a_load_test_without_thresholds_is_found(path: str, text: str, outcome: str) -> None:
    assert inspected({**_SERVICE, path: text}, only="tests/threshold-free-load-test").outcome == outcome
