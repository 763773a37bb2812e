"""Pools, processes and what the database gives out."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "performance/exhausted-connections"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("compose.yaml", 'DB_POOL_SIZE: "5"', 'DB_POOL_SIZE: "50"')]),
    ("fastapi", [("app/settings.py", "db_max_overflow: int = 5", "db_max_overflow: int = 50")]),
    (
        "fastapi",
        [("compose.yaml", "image: postgres:16", "image: postgres:16\n    command: postgres -c max_connections=20")],
    ),
    ("fastapi", [("k8s/all.yaml", "maxReplicas: 4", "maxReplicas: 20")]),
    ("express", [("src/server.ts", "max: 10 });\nconst limiter", "max: 60 });\nconst limiter")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(f.related for f in found.findings)


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
