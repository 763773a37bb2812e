"""The size of requests, at the proxy and in the application."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "performance/body-limit-mismatch"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            ("nginx/nginx.conf", "client_max_body_size 6m", "client_max_body_size 1m"),
            ("k8s/all.yaml", "proxy-body-size: 6m", "proxy-body-size: 1m"),
        ],
    ),
    ("fastapi", [("nginx/nginx.conf", "client_max_body_size 6m", "client_max_body_size 1m")]),
    ("fastapi", [("nginx/nginx.conf", "        client_max_body_size 6m;\n", "")]),
    ("fastapi", [("k8s/all.yaml", "proxy-body-size: 6m", "proxy-body-size: 1m")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(f.related for f in found.findings)


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
