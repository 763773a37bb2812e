"""Files that handlers take, and what bounds their size."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/unlimited-upload"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            ("app/main.py", "photo.read(MAX_UPLOAD_BYTES + 1)", "photo.read()"),
            (
                "app/main.py",
                '    if len(content) > MAX_UPLOAD_BYTES:\n        raise HTTPException(413, "too large")\n',
                "",
            ),
            ("nginx/nginx.conf", "client_max_body_size 6m", "client_max_body_size 0"),
            ("k8s/all.yaml", "proxy-body-size: 6m", 'proxy-body-size: "0"'),
        ],
    ),
    (
        "express",
        [
            ("src/server.ts", "multer({ limits: { fileSize: 5 * 1024 * 1024 } })", "multer()"),
            ("nginx/nginx.conf", "client_max_body_size 6m", "client_max_body_size 0"),
            ("k8s/all.yaml", "proxy-body-size: 6m", 'proxy-body-size: "0"'),
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
