"""The clinic's calendar: told of every booking."""

import logging
from functools import cache
from uuid import UUID

import httpx

from appointments.metrics import CALENDAR_FAILURES
from appointments.settings import settings

log = logging.getLogger(__name__)


@cache
def client() -> httpx.AsyncClient:
    """Return the client of this process."""
    return httpx.AsyncClient(base_url=settings().calendar_url, timeout=settings().calendar_timeout_seconds)


async def announce(booking: UUID, room: str) -> bool:
    """Tell the calendar about a booking; the id makes a repetition harmless. Return whether it knows."""
    try:
        answer = await client().put(f"/events/{booking}", json={"room": room})
        answer.raise_for_status()
    except httpx.TimeoutException:
        CALENDAR_FAILURES.labels(reason="timeout").inc()
        log.warning("the calendar does not answer in time", extra={"booking": str(booking)})
        return False
    except httpx.HTTPError:
        CALENDAR_FAILURES.labels(reason="refused").inc()
        log.warning("the calendar refuses", extra={"booking": str(booking)})
        return False
    return True
