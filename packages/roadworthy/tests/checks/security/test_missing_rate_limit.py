"""Routes that examine secrets, and what bounds how often they are asked."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/missing-rate-limit"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            ("app/main.py", '@limiter.limit("5/minute")\n', ""),
            ("nginx/nginx.conf", "            limit_req zone=login burst=20;\n", ""),
            ("k8s/all.yaml", '    nginx.ingress.kubernetes.io/limit-rps: "10"\n', ""),
        ],
    ),
    (
        "express",
        [
            ("src/server.ts", '"/api/login", limiter,', '"/api/login",'),
            (
                "src/server.ts",
                "const limiter = rateLimit({ windowMs: 60000, max: 10, store: new RedisStore({ sendCommand }) });\n",
                "",
            ),
            ("nginx/nginx.conf", "            limit_req zone=login burst=20;\n", ""),
            ("k8s/all.yaml", '    nginx.ingress.kubernetes.io/limit-rps: "10"\n', ""),
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
