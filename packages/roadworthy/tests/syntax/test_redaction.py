"""Quoted lines keep what explains a finding and lose what is secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax.redaction import redacted

SECRET = "hunter2-Zq9"


@pytest.mark.parametrize(
    "line",
    [
        f"SECRET_KEY={SECRET}",
        f'  jwt_secret: str = "{SECRET}"',
        f"db_password: {SECRET}",
        f"DATABASE_URL=postgresql://app:{SECRET}@db:5432/app",
        f'key = os.environ.get("API_KEY", "{SECRET}")',
        f'const key = process.env.API_KEY ?? "{SECRET}";',
        f'{{"token": "{SECRET}"}}',
        f"curl -H 'Authorization: Bearer {SECRET}'",
        f"mysql -p{SECRET} shop",
        f"command: redis-server --requirepass {SECRET}",
        "aws = AKIAABCDEFGHIJKLMNOP",
    ],
)
def test_no_secret_is_quoted(line: str) -> None:
    shown = redacted(line)

    assert SECRET not in shown
    assert "AKIAABC" not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    "line",
    [
        'expr: rate(http_requests_total{status="5xx"}[5m]) > 0.05',
        "password: ${DB_PASSWORD}",
        'MAIL_TOKEN = os.environ["MAIL_TOKEN"]',
        "secretKeyRef: {name: app, key: token}",
        "uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
        "image: ghcr.io/o/a@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1",
        "self.password = settings.database.password",
        "JWT_SECRET: z.string().min(32),",
        'DURATION = Histogram("shop_request_duration_seconds", "Time to answer.")',
    ],
)
def test_what_is_no_secret_is_quoted_as_it_stands(line: str) -> None:
    assert redacted(line) == line


def test_on_a_line_known_to_hold_a_secret_every_value_is_masked() -> None:
    assert redacted('x = Field("hunter2")', holds_secret=True) == 'x = Field("***")'
    assert redacted("  name: MTIzNA==", holds_secret=True) == "  name: ***"


@given(st.text(max_size=400), st.booleans())
def test_any_line_is_taken(line: str, holds_secret: bool) -> None:
    assert isinstance(redacted(line, holds_secret=holds_secret), str)
