"""PostgreSQL with a deadline on every step: connect, check-out, statement, whole transaction.

A peer that is gone is easy: the socket says so. A peer that is silent (a black hole, a frozen server) never says
anything, and cancelling the query would open a second connection into the same hole. So a transaction that outlives
its budget has its socket shut down: the driver then sees an end of file at once, whatever it was waiting for.
"""

import asyncio
import logging
import select
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests
from roadworthy_runtime import Problem

from questionnaire.metrics import transactions_severed

CHECKOUT_SECONDS = 1.0
TRANSACTION_SECONDS = 1.5
STATEMENT_MILLISECONDS = 1_400
MAX_WAITING = 200

CONNECTION_OPTIONS = {
    "autocommit": True,
    "row_factory": dict_row,
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
    "application_name": "questionnaire",
    "options": (
        f"-c statement_timeout={STATEMENT_MILLISECONDS} -c lock_timeout=1000 "
        "-c idle_in_transaction_session_timeout=5000"
    ),
}

logger = logging.getLogger("questionnaire.database")
# At INFO the pool writes a line per checkout.
logging.getLogger("psycopg.pool").setLevel(logging.WARNING)


class Link(AsyncConnection[DictRow]):
    """A connection that knows when it was opened."""

    opened_at: float = 0.0

    async def first(self, query: LiteralString, parameters: tuple[object, ...] = ()) -> DictRow | None:
        """Return the first row, or None."""
        return await (await self.execute(query, parameters)).fetchone()

    async def only(self, query: LiteralString, parameters: tuple[object, ...] = ()) -> DictRow:
        """Return the row that the query cannot fail to give."""
        row = await self.first(query, parameters)
        if row is None:
            raise LookupError("a query that returns one row returned none")
        return row

    async def all(self, query: LiteralString, parameters: tuple[object, ...] = ()) -> list[DictRow]:
        """Return every row."""
        return await (await self.execute(query, parameters)).fetchall()


class Database:
    """A pool that opens without its server, fails fast, and recovers by itself."""

    def __init__(self, url: str, *, size: int) -> None:
        self._drained_at = 0.0
        self._answered_at = 0.0
        self._pool: AsyncConnectionPool[Link] = AsyncConnectionPool(
            url,
            connection_class=Link,
            kwargs=CONNECTION_OPTIONS,
            configure=_stamp,
            min_size=min(2, size),
            max_size=size,
            max_waiting=MAX_WAITING,
            open=False,
            # The next request is the next attempt: no back-off outlives the outage.
            reconnect_timeout=0.0,
            name="questionnaire",
        )

    async def open(self) -> None:
        """Start connecting in the background; the server need not be there."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close(timeout=2.0)

    @asynccontextmanager
    async def transaction(
        self, *, checkout_seconds: float = CHECKOUT_SECONDS, seconds: float = TRANSACTION_SECONDS
    ) -> AsyncIterator[Link]:
        """Lend a connection inside a transaction; raise a 503 Problem when the database does not answer in time."""
        try:
            link = await self._check_out(checkout_seconds)
        except (PoolTimeout, PoolClosed, TooManyRequests, OperationalError) as error:
            raise _unavailable() from error
        alarm = asyncio.get_running_loop().call_later(seconds, _sever, link)
        try:
            # A pipeline sends statements without waiting for each answer; leaving it waits for all, COMMIT included.
            async with link.pipeline(), link.transaction():
                yield link
            self._answered_at = time.monotonic()
        except (OperationalError, InterfaceError) as error:
            raise _unavailable() from error
        finally:
            alarm.cancel()
            await self._give_back(link)

    async def probe(self) -> None:
        """Ask for what a request would ask; a busy pool that answered a moment ago is well."""
        try:
            async with self.transaction(checkout_seconds=0.4, seconds=0.5) as link:
                await link.execute("SELECT 1 FROM subject LIMIT 1")
        except Problem as problem:
            busy = isinstance(problem.__cause__, PoolTimeout | TooManyRequests)
            if not (busy and time.monotonic() - self._answered_at < 1.0):
                raise

    async def _check_out(self, seconds: float) -> Link:
        deadline = time.monotonic() + seconds
        while True:
            link = await self._pool.getconn(timeout=deadline - time.monotonic())
            if not _hung_up(link):
                return link
            await link.close()
            await self._pool.putconn(link)

    async def _give_back(self, link: Link) -> None:
        broken = link.broken or link.closed
        await self._pool.putconn(link)
        if broken and link.opened_at > self._drained_at:
            # What broke this connection broke its idle peers too: they are replaced before anybody waits for one.
            self._drained_at = time.monotonic()
            await self._pool.drain()


async def _stamp(link: Link) -> None:
    link.opened_at = time.monotonic()


def _hung_up(link: Link) -> bool:
    """Say whether an idle connection has something to read: an end of file or a goodbye, never an answer."""
    poll = select.poll()
    poll.register(link.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _sever(link: Link) -> None:
    if link.closed:
        return
    transactions_severed.inc()
    logger.warning("the database did not answer in time; the connection is dropped")
    with socket.fromfd(link.fileno(), socket.AF_INET, socket.SOCK_STREAM) as duplicate:
        try:
            duplicate.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            logger.debug("the connection was gone already: %s", error.strerror)


def _unavailable() -> Problem:
    return Problem(
        503, "DATABASE_UNAVAILABLE", "The database does not answer. Nothing is known to be stored; try again."
    )
