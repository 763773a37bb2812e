"""Limits by address, and whom the service believes about it."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/proxy-blind-limit"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("Dockerfile", ', "--forwarded-allow-ips", "172.20.0.0/16"', "")]),
    ("fastapi", [("Dockerfile", '"172.20.0.0/16"', '"*"')]),
    ("express", [("src/server.ts", 'app.set("trust proxy", 1);\n', "")]),
    ("express", [("src/server.ts", 'app.set("trust proxy", 1)', 'app.set("trust proxy", true)')]),
    ("django", [("shop/settings.py", '    "NUM_PROXIES": 1,\n', "")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(f.related for f in found.findings)


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
