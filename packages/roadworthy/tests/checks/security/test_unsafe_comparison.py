"""How secrets are compared."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/unsafe-comparison"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            (
                "app/auth.py",
                "not hmac.compare_digest(authorization, settings.api_token)",
                "authorization != settings.api_token",
            )
        ],
    ),
    (
        "express",
        [
            (
                "src/server.ts",
                "!crypto.timingSafeEqual(Buffer.from(given), Buffer.from(process.env.WEBHOOK_SECRET))",
                "given !== process.env.WEBHOOK_SECRET",
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


@pytest.mark.parametrize(
    "line",
    [
        "password == password_confirm",
        "select(User).where(User.token == token)",
        "token_type == settings.TOKEN_TYPE",
        "token == ''",
        "settings.secret_key == 'changeme'",
        "new_password == old_password",
    ],
)
def test_comparisons_that_tell_nothing_are_left_alone(line: str) -> None:
    assert not inspected({"app/a.py": f"def f(x):\n    return {line}\n"}, _RULE).findings


@pytest.mark.parametrize(
    "line", ["env.AUTH_TOKEN === 'true'", "typeof a.secret === 'string'", "token === NOT_FOUND_TOKEN"]
)
def test_sentinels_and_flags_are_left_alone(line: str) -> None:
    assert not inspected({"src/a.ts": f"export const f = (token, a, env) => {line};\n"}, _RULE).findings
