"""security/permissive-cors."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "security/permissive-cors"
HEAD = "from starlette.middleware.cors import CORSMiddleware\nfrom starlette.middleware import Middleware\n"


@pytest.mark.parametrize(
    "text",
    [
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)",
        "ORIGINS = ['*']\napp.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)",
        "m = [Middleware(CORSMiddleware, allow_origin_regex='.*', allow_credentials=True)]",
        "app = CORSMiddleware(app, allow_origins='*', allow_credentials=True)",
        "from flask_cors import CORS\nCORS(app, supports_credentials=True)",
    ],
)
def test_any_origin_with_credentials_fails(text: str) -> None:
    assert inspected({"app/a.py": HEAD + text + "\n"}, RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "app.add_middleware(CORSMiddleware, allow_origins=['*'])",
        "app.add_middleware(CORSMiddleware, allow_origins=['https://a.example'], allow_credentials=True)",
        "app.add_middleware(OtherMiddleware, allow_origins=['*'], allow_credentials=True)",
    ],
)
def test_bounded_origins_hold(text: str) -> None:
    assert inspected({"app/a.py": HEAD + text + "\n"}, RULE).outcome is Outcome.PASSED


def test_computed_origins_cannot_be_told() -> None:
    text = HEAD + "app.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_credentials=True)\n"

    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.INCONCLUSIVE
