"""Labels that code gives to metrics, and those they are declared with."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "monitoring/undeclared-label"
_PYTHON = (
    'from prometheus_client import Counter\n\nREQUESTS = Counter("requests_total", "All.", ["method", "status"])\n'
)
_NODE = 'import client from "prom-client";\nexport const requests = new client.Counter({ name: "requests_total", help: "All.", labelNames: ["method", "status"] });\n'


@pytest.mark.parametrize(
    "call",
    [
        'REQUESTS.labels(method="GET", code="200").inc()',
        'REQUESTS.labels(method="GET").inc()',
        'REQUESTS.labels("GET").inc()',
        'REQUESTS.labels("GET", "200", "/").inc()',
    ],
)
def test_labels_that_differ_are_found_in_python(call: str) -> None:
    files = {
        "app/metrics.py": _PYTHON,
        "app/main.py": f"from app.metrics import REQUESTS\n\n\ndef count():\n    {call}\n",
    }

    found = inspected(files, _RULE)

    assert [f.related[0].at.path for f in found.findings] == ["app/metrics.py"], found.reason


@pytest.mark.parametrize(
    "call",
    [
        'REQUESTS.labels(method="GET", status="200").inc()',
        'REQUESTS.labels("GET", status="200").inc()',
        'REQUESTS.labels("GET", "200").inc()',
    ],
)
def test_labels_as_declared_hold_in_python(call: str) -> None:
    assert inspected({"app/metrics.py": _PYTHON + f"\n\ndef count():\n    {call}\n"}, _RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize("call", ['requests.inc({ method: "GET", code: 200 });', 'requests.labels("GET").inc();'])
def test_labels_that_differ_are_found_in_typescript(call: str) -> None:
    files = {"src/metrics.ts": _NODE, "src/app.ts": f'import {{ requests }} from "./metrics";\n{call}\n'}

    assert inspected(files, _RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "call",
    [
        'requests.inc({ method: "GET" });',
        "requests.inc();",
        "requests.inc({ method, ...more }, 2);",
        "requests.inc(3);",
    ],
)
def test_labels_that_may_be_as_declared_are_no_finding_in_typescript(call: str) -> None:
    files = {"src/metrics.ts": _NODE, "src/app.ts": f'import {{ requests }} from "./metrics";\n{call}\n'}

    assert not inspected(files, _RULE).findings


def test_two_declarations_of_one_name_are_not_judged() -> None:
    other = _PYTHON.replace('"status"', '"route"').replace("requests_total", "calls_total")
    use = 'from b.metrics import REQUESTS\n\nREQUESTS.labels(method="GET", route="/").inc()\n'

    assert not inspected({"a/metrics.py": _PYTHON, "b/metrics.py": other, "b/main.py": use}, _RULE).findings


def test_label_names_held_in_a_list_that_is_not_followed_are_not_judged() -> None:
    text = _PYTHON.replace('["method", "status"]', "names()") + 'REQUESTS.labels(code="200").inc()\n'

    assert inspected({"app/metrics.py": "from app.names import names\n" + text}, _RULE).outcome is Outcome.INCONCLUSIVE
