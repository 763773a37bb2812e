"""Tokens, and their ends."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/unexpiring-token"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("app/auth.py", ', "exp": datetime.now(UTC) + timedelta(minutes=5)', "")]),
    ("express", [("src/server.ts", ', { expiresIn: "15m" }', "")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings


_INVITE = """import jwt

def invite(email):
    return Invite(email=email, token=jwt.encode({"email": email}, KEY, algorithm="HS256"))
"""


def test_token_that_is_kept_and_never_read_as_one_cannot_be_told() -> None:
    assert inspected({"app/invites.py": _INVITE}, _RULE).outcome is Outcome.INCONCLUSIVE


def test_token_that_is_kept_and_read_as_one_is_found() -> None:
    read = "import jwt\n\ndef who(token):\n    return jwt.decode(token, KEY, algorithms=['HS256'])\n"

    assert inspected({"app/invites.py": _INVITE, "app/reading.py": read}, _RULE).outcome is Outcome.FAILED


def test_unverified_token_may_be_read_for_whose_key_verifies_it() -> None:
    text = "import jwt\n\ndef issuer(unverified_token):\n    return jwt.decode(unverified_token, options={'verify_signature': False})\n"

    assert not inspected({"app/issuer.py": text}, _RULE).findings
