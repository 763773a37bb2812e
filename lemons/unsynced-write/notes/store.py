"""Notes in PostgreSQL. Every call ends in bounded time; what it cannot do raises Unavailable."""

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from notes.bounded import bounded

CALL_SECONDS = 1.5
LOST = (OperationalError, PoolTimeout, PoolClosed, TooManyRequests, TimeoutError)


class Unavailable(Exception):
    """The database did not answer in time."""


class Store:
    """The notes."""

    def __init__(self, url: str) -> None:
        self.pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=8,
            timeout=1.0,
            reconnect_timeout=5.0,
            open=False,
            check=AsyncConnectionPool.check_connection,
            kwargs={"connect_timeout": 2, "options": "-c synchronous_commit=off"},
        )

    async def write(self, text: str) -> int:
        """Store a note; it is committed when this returns."""
        rows = await self._ask("INSERT INTO note (text) VALUES (%s) RETURNING id", (text,))
        return int(rows[0][0])

    async def correct(self, number: int, text: str) -> bool:
        """Replace the text of a note; say whether it exists."""
        return bool(await self._ask("UPDATE note SET text = %s WHERE id = %s RETURNING id", (text, number)))

    async def read(self, number: int) -> str | None:
        """Return the text of a note, if it exists."""
        rows = await self._ask("SELECT text FROM note WHERE id = %s", (number,))
        return str(rows[0][0]) if rows else None

    async def ping(self) -> None:
        """Ask for an answer."""
        await self._ask("SELECT 1", ())

    async def _ask(self, query: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        try:
            return await bounded(CALL_SECONDS, self._run(query, values))
        except LOST as problem:
            raise Unavailable from problem

    async def _run(self, query: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query, values)
            return await cursor.fetchall()
