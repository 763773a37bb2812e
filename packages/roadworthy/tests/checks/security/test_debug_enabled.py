"""Modes for developers in what is deployed."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/debug-enabled"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("django", [("shop/settings.py", 'os.environ.get("DEBUG", "false") == "true"', "True")]),
    ("django", [("compose.yaml", 'DEBUG: "false"', 'DEBUG: "true"')]),
    ("fastapi", [("app/main.py", "app = FastAPI()", "app = FastAPI(debug=True)")]),
    (
        "fastapi",
        [
            (
                "compose.yaml",
                "    build: .\n",
                "    build: .\n    command: uvicorn app.main:app --host 0.0.0.0 --reload\n",
            )
        ],
    ),
    ("express", [("Dockerfile", "NODE_ENV=production", "NODE_ENV=development")]),
    ("express", [("Dockerfile", 'CMD ["node", "dist/server.js"]', 'CMD ["npm", "run", "dev"]')]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings


def test_setting_that_is_on_by_default_holds_where_a_deployment_gives_it() -> None:
    on_by_default = ("shop/settings.py", 'os.environ.get("DEBUG", "false")', 'os.environ.get("DEBUG", "true")')
    not_given = ("compose.yaml", '      DEBUG: "false"\n', "")

    assert not inspected(planted("django", on_by_default), _RULE).findings
    assert inspected(planted("django", on_by_default, not_given), _RULE).outcome is Outcome.FAILED


def test_settings_for_developers_are_left_alone() -> None:
    files = planted("django")
    files["shop/settings_dev.py"] = 'DEBUG = True\nROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = []\n'

    assert not inspected(files, _RULE).findings
