"""Erases bookings that are older than the retention time. Run once a day by the CronJob `appointments-purge`."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from appointments.database import engine
from appointments.logs import configure_logging
from appointments.models import Booking
from appointments.settings import settings

RETENTION = timedelta(days=730)
log = logging.getLogger(__name__)


async def purge() -> None:
    """Delete what is older than the retention time."""
    async with engine().begin() as connection:
        done = await connection.execute(delete(Booking).where(Booking.starts_at < datetime.now(UTC) - RETENTION))
    log.info("purged %d bookings", done.rowcount)
    await engine().dispose()


if __name__ == "__main__":
    configure_logging(settings().log_level)
    asyncio.run(purge())
