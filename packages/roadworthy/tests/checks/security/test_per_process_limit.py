"""Where requests are counted, and how many processes count."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/per-process-limit"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("app/main.py", ', storage_uri="redis://redis:6379/1"', "")]),
    ("fastapi", [("app/main.py", '"redis://redis:6379/1"', '"memory://"')]),
    ("express", [("src/server.ts", ", store: new RedisStore({ sendCommand })", "")]),
    (
        "django",
        [
            (
                "shop/settings.py",
                "django.core.cache.backends.redis.RedisCache",
                "django.core.cache.backends.locmem.LocMemCache",
            )
        ],
    ),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(f.related for f in found.findings)


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
