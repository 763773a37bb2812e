"""Stores, and who can reach them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/exposed-store"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("compose.yaml", '"127.0.0.1:5432:5432"', '"5432:5432"')]),
    (
        "fastapi",
        [
            (
                "compose.yaml",
                "  redis:\n    image: redis:7\n",
                '  redis:\n    image: redis:7\n    ports: ["6379:6379"]\n',
            )
        ],
    ),
    (
        "fastapi",
        [
            (
                "compose.yaml",
                "    image: postgres:16\n",
                "    image: postgres:16\n    environment: {POSTGRES_HOST_AUTH_METHOD: trust}\n",
            )
        ],
    ),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
