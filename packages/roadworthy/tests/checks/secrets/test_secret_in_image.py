"""Secrets that become part of an image."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "secrets/secret-in-image"
ENV = {".env": "DB_PASSWORD=pa55-of-production\n", "main.py": "x = 1\n"}


@pytest.mark.parametrize(
    "text",
    [
        "FROM a:1\nENV API_KEY=9f8e7d6c5b4a\n",
        "FROM a:1\nARG NPM_TOKEN=npm_a1b2c3d4\n",
        "FROM a:1\nCOPY . /srv\n",
        "FROM a:1\nCOPY .env main.py /srv/\n",
    ],
)
def test_secret_in_a_shipped_stage_is_found_and_never_shown(text: str) -> None:
    result = inspected({"Dockerfile": text, **ENV}, RULE)

    assert result.outcome is Outcome.FAILED
    assert not any(word in repr(result) for word in ("9f8e7d6c5b4a", "npm_a1b2c3d4", "pa55"))


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": "FROM a:1\nENV SECRET_KEY=changeme TOKEN_URL=https://x/ PASSWORD_FILE=/run/x\n"},
        {"Dockerfile": "FROM a:1\nARG API_KEY\nENV API_KEY=$API_KEY\n"},
        {"Dockerfile": "FROM a:1\nCOPY . /srv\n", ".dockerignore": ".env*\n"},
        {"Dockerfile": "FROM a:1 AS b\nENV API_KEY=9f8e7d6c5b4a\nCOPY . /srv\nFROM c:1\nCOPY --from=b /srv/x /x\n"},
        {"tests/Dockerfile": "FROM a:1\nENV API_KEY=9f8e7d6c5b4a\n"},
    ],
)
def test_placeholders_and_what_stays_behind_are_no_findings(files: dict[str, str]) -> None:
    assert inspected({**ENV, **files}, RULE).findings == ()
