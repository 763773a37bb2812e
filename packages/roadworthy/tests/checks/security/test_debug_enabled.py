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
