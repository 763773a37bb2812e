"""Health checks that cannot fail, and those that ask another service."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/false-healthcheck"
URL = "http://localhost:8000/health"


def dockerfile(check: str) -> dict[str, str]:
    """Return a service whose Dockerfile has this health check."""
    text = f'FROM python:3.12\nCOPY main.py .\nEXPOSE 8000\nHEALTHCHECK CMD {check}\nCMD ["python", "main.py"]\n'
    return {"Dockerfile": text, "main.py": "print(1)\n"}


@pytest.mark.parametrize(
    "check",
    [
        f"curl {URL}",
        f"curl -s -o /dev/null {URL} || exit 1",
        f"curl -I {URL}",
        f"curl -f {URL} || true",
        f"curl -f {URL} || exit 0",
        f"curl -f {URL}; exit 0",
        f"curl -f {URL} || echo unhealthy",
        f"curl -f {URL} | tee /tmp/health",
        f"curl -s -w '%{{http_code}}' {URL}",
        f'["curl", "{URL}"]',
        f"wget -qO- {URL} || true",
        "pgrep python",
        "ps aux | grep python",
        "kill -0 1",
        "true",
        "exit 0",
        "echo ok",
        f"python -c \"import requests; requests.get('{URL}')\"",
        f"python -c \"import httpx; httpx.get('{URL}')\"",
        f"node -e \"fetch('{URL}').then(() => process.exit(0))\"",
        f"node -e \"require('http').get('{URL}')\"",
    ],
)
def test_check_that_cannot_fail_is_found(check: str) -> None:
    result = inspected(dockerfile(check), RULE)

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].repair


@pytest.mark.parametrize(
    "check",
    [
        f"curl -f {URL}",
        f"curl -fsS {URL} || exit 1",
        f"curl --fail-with-body {URL}",
        f"curl -s {URL} | grep -q ok",
        f"test $(curl -s -o /dev/null -w '%{{http_code}}' {URL}) = 200",
        f"wget --spider -q {URL}",
        f"wget -qO- {URL} || exit 1",
        f"python -c \"import urllib.request; urllib.request.urlopen('{URL}')\"",
        f"python -c \"import requests; requests.get('{URL}').raise_for_status()\"",
        f"python -c \"import requests, sys; sys.exit(requests.get('{URL}').status_code != 200)\"",
        f"node -e \"fetch('{URL}').then(r => process.exit(r.ok ? 0 : 1))\"",
        f"node -e \"require('http').get('{URL}', r => process.exit(r.statusCode == 200 ? 0 : 1))\"",
        '["bash", "-c", "echo > /dev/tcp/localhost/8000"]',
        "nc -z localhost 8000",
        "celery -A app inspect ping",
    ],
)
def test_check_that_can_fail_holds(check: str) -> None:
    result = inspected(dockerfile(check), RULE)

    assert result.outcome is Outcome.PASSED, result.findings


@pytest.mark.parametrize("check", ["./healthcheck", '["/app/health"]', "my-check --all"])
def test_program_that_is_not_known_is_not_judged(check: str) -> None:
    assert not inspected(dockerfile(check), RULE).findings


def compose(check: str, service: str = "worker") -> dict[str, str]:
    """Return a compose file in which one service has this health check."""
    text = (
        f"services:\n  api:\n    image: acme/api:1\n    ports: ['80:80']\n  {service}:\n    image: acme/{service}:1\n"
    )
    return {"compose.yaml": text + f"    healthcheck:\n      test: {check}\n"}


def test_process_of_a_worker_is_all_there_is_to_see() -> None:
    assert not inspected(compose("pgrep celery"), RULE).findings


def test_question_to_another_service_is_found_with_both_sides() -> None:
    (finding,) = inspected(compose('["CMD", "curl", "-f", "http://api:8000/health"]', "web"), RULE).findings

    assert [related.at.line for related in finding.related] == [2]


def test_probe_of_a_pod_is_read() -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  containers:\n    - name: shop\n      image: acme/shop:1\n"
        '      livenessProbe:\n        exec:\n          command: ["sh", "-c", "curl http://localhost:8000/health || true"]\n'
    )

    assert inspected({"deploy/pod.yaml": pod}, RULE).outcome is Outcome.FAILED
