"""What a file is for, by its path."""

import pytest

from roadworthy.engine.file_role import role_of
from roadworthy.model.words import FileRole


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("external/lib/a.c", FileRole.VENDORED),
        ("src/plugins/external/rate-limit.ts", FileRole.PROD),
        ("app/views/external/base.py", FileRole.PROD),
        ("cypress/docker-compose.yml", FileRole.TEST),
        ("document.e2e.Dockerfile", FileRole.TEST),
        ("relational.test.Dockerfile", FileRole.TEST),
        ("Dockerfile.test", FileRole.TEST),
        ("latest.Dockerfile", FileRole.PROD),
        ("document.Dockerfile", FileRole.PROD),
    ],
)
def test_role_follows_from_the_path(path: str, role: FileRole) -> None:
    assert role_of(path) is role
