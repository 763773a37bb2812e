"""Routes, and what stands before their siblings."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/unauthenticated-route"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("app/routers/orders.py", "number: int, user: str = Depends(current_user)", "number: int")]),
    ("express", [("src/orders.ts", '"/:id", requireAuth,', '"/:id",')]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
