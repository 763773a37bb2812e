"""Protocols, ciphers and certificates of what speaks TLS."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/invalid-tls"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("nginx/nginx.conf", "TLSv1.2 TLSv1.3", "TLSv1 TLSv1.1 TLSv1.2")]),
    ("fastapi", [("nginx/nginx.conf", "ECDHE-RSA-AES128-GCM-SHA256;", "ECDHE-RSA-AES256-GCM-SHA512;")]),
    ("fastapi", [("nginx/nginx.conf", "/etc/nginx/certs/fullchain.pem", "/etc/nginx/ssl/fullchain.pem")]),
    ("fastapi", [("compose.yaml", "./certs:/etc/nginx/certs:ro", "./certs:/etc/ssl/private:ro")]),
    ("fastapi", [("k8s/all.yaml", "secretName: api-tls}]", "secretName: web-tls}]")]),
    (
        "fastapi",
        [
            (
                "nginx/nginx.conf",
                "        ssl_certificate /etc/nginx/certs/fullchain.pem;\n        ssl_certificate_key /etc/nginx/certs/privkey.pem;\n",
                "",
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
