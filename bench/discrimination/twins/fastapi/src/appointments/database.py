"""The engine and its sessions: bounded pool, bounded waits."""

from collections.abc import AsyncIterator
from functools import cache

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from appointments.settings import settings


@cache
def engine() -> AsyncEngine:
    """Return the engine of this process."""
    return create_async_engine(
        settings().database_url.get_secret_value(),
        pool_size=settings().database_pool_size,
        max_overflow=0,
        pool_timeout=3,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "options": "-c statement_timeout=5000"},
    )


async def session() -> AsyncIterator[AsyncSession]:
    """Yield a session that commits when the request went well."""
    async with async_sessionmaker(engine(), expire_on_commit=False).begin() as opened:
        yield opened


async def ping() -> None:
    """Raise when the database does not answer."""
    async with engine().connect() as connection:
        await connection.execute(text("SELECT 1"))
