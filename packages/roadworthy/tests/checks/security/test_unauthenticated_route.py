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


_GUARDED = """from fastapi import APIRouter, Depends
from app.users import current_user
router = APIRouter()
@router.post("/a")
def a(user=Depends(current_user)): ...
@router.put("/a")
def b(user=Depends(current_user)): ...
"""


@pytest.mark.parametrize(
    "route",
    [
        '@router.post("/login")\ndef login(name: str): ...\n',
        '@router.post("/webhooks/stripe")\ndef stripe(): ...\n',
        '@router.post("/users")\ndef join(name: str): ...\n',
        '@router.get("/prices")\ndef prices(): ...\n',
        '@router.post("/c")\ndef c(request):\n    verify_signature(request)\n',
        '@router.delete("/c")\ndef c(user: CurrentUser): ...\n',
        '@router.delete("/c", dependencies=[Depends(current_user)])\ndef c(): ...\n',
    ],
)
def test_public_routes_and_other_guards_are_left_alone(route: str) -> None:
    assert not inspected({"app/routes.py": _GUARDED + route}, _RULE).findings


def test_guard_of_the_whole_router_counts_for_its_routes() -> None:
    code = _GUARDED.replace("APIRouter()", "APIRouter(dependencies=[Depends(current_user)])")

    assert not inspected({"app/routes.py": code + '@router.delete("/c")\ndef c(): ...\n'}, _RULE).findings
