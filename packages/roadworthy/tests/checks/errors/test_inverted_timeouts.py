"""How long each layer waits for the one behind it."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "errors/inverted-timeouts"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("Dockerfile", '"--timeout", "30"', '"--timeout", "120"')]),
    ("fastapi", [("k8s/all.yaml", "timeoutSeconds: 2, periodSeconds: 10", "timeoutSeconds: 15, periodSeconds: 10")]),
    ("fastapi", [("nginx/nginx.conf", "proxy_read_timeout 60s", "proxy_read_timeout 10s")]),
    ("django", [("nginx/nginx.conf", "proxy_read_timeout 60s", "proxy_read_timeout 10s")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(f.related or "probe" in f.message for f in found.findings)


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
