"""A client against the application and the database of DATABASE_URL, migrated and emptied for every test."""

import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text

from appointments import calendar, guard
from appointments.database import engine
from appointments.main import app
from appointments.settings import settings


@pytest.fixture(scope="session")
def migrated() -> None:
    """Bring the database to the newest schema."""
    subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], check=True, timeout=60)


@pytest.fixture
async def client(migrated: None) -> AsyncIterator[AsyncClient]:
    """Return a client that carries the token."""
    async with engine().begin() as connection:
        await connection.execute(text("TRUNCATE customer, consent, booking, audit_entry CASCADE"))
    token = settings().api_token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver", headers=headers) as opened:
        yield opened
    for cached, end in (
        (engine, engine().dispose),
        (guard.redis, guard.redis().aclose),
        (calendar.client, calendar.client().aclose),
    ):
        await end()
        cached.cache_clear()
