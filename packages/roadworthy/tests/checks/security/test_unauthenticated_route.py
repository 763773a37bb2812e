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


_HALF_GUARDED = _GUARDED + '@router.post("/c")\ndef c(): ...\n@router.delete("/c")\ndef d(): ...\n'


@pytest.mark.parametrize(
    "including",
    [
        "from fastapi import Depends, FastAPI\nfrom app import routes, users\napp = FastAPI()\n"
        "app.include_router(routes.router, dependencies=[Depends(users.current_user)])\n",
        "from fastapi import APIRouter, Depends, FastAPI\nfrom app.routes import router\nfrom app.users import current_user\n"
        'app = FastAPI()\napi = APIRouter()\ninner = APIRouter(prefix="/{shop}")\n'
        'inner.include_router(router, prefix="/orders")\napi.include_router(inner, dependencies=[Depends(current_user)])\n'
        "app.include_router(api)\n",
        "from fastapi import Depends, FastAPI\nfrom app.routes import router\nfrom app.users import current_user\n"
        "app = FastAPI(dependencies=[Depends(current_user)])\napp.include_router(router)\n",
    ],
    ids=["inclusion", "inclusion-around", "application"],
)
def test_guard_where_the_router_is_included_counts_for_its_routes(including: str) -> None:
    files = {"app/__init__.py": "", "app/routes.py": _HALF_GUARDED, "app/users.py": "def current_user(): ...\n"}

    assert not inspected({**files, "app/main.py": including}, _RULE).findings


def test_other_dependency_of_the_inclusion_is_no_guard() -> None:
    including = (
        "from fastapi import Depends, FastAPI\nfrom app.routes import router\nfrom app.shops import chosen_shop\n"
        "app = FastAPI()\napp.include_router(router, dependencies=[Depends(chosen_shop)])\n"
    )
    files = {"app/__init__.py": "", "app/routes.py": _GUARDED + '@router.delete("/c")\ndef c(): ...\n'}

    assert len(inspected({**files, "app/main.py": including}, _RULE).findings) == 1
