"""Headers that protect browsers, in code and at the proxy."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/missing-security-headers"
_PROXY: Change = (
    "nginx/nginx.conf",
    "        client_max_body_size",
    "        add_header X-Content-Type-Options nosniff always;\n        client_max_body_size",
)


@pytest.mark.parametrize(
    ("stack", "changes", "outcome"),
    [
        ("django", [], Outcome.PASSED),
        ("express", [], Outcome.PASSED),
        ("fastapi", [_PROXY], Outcome.PASSED),
        (
            "django",
            [("shop/settings.py", '    "django.middleware.security.SecurityMiddleware",\n', "")],
            Outcome.FAILED,
        ),
    ],
)
def test_headers_are_looked_for_on_both_sides(stack: str, changes: list[Change], outcome: Outcome) -> None:
    assert inspected(planted(stack, *changes), _RULE).outcome is outcome
