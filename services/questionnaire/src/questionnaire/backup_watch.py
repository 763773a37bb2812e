"""The age of the last backup, as metrics: the backup job writes it down, every replica tells it."""

import asyncio
import logging

from psycopg import Error
from roadworthy_runtime import Problem

from questionnaire.database import Database
from questionnaire.metrics import last_backup, last_restore_test

INTERVAL_SECONDS = 30.0

logger = logging.getLogger("questionnaire.backup_watch")


async def watch_backups(database: Database) -> None:
    """Refresh the two gauges until cancelled; an unreachable database leaves them as they were."""
    while True:
        try:
            await read_backup_times(database)
        except (Problem, Error):
            logger.info("the time of the last backup is not known: the database does not say")
        await asyncio.sleep(INTERVAL_SECONDS)


async def read_backup_times(database: Database) -> None:
    """Set the gauges from the table the backup job writes."""
    async with database.transaction() as link:
        rows = await link.all("SELECT kind, max(finished_at) AS finished_at FROM backup_run GROUP BY kind")
    finished = {row["kind"]: row["finished_at"].timestamp() for row in rows}
    last_backup.set(finished.get("backup", 0.0))
    last_restore_test.set(finished.get("restore-test", 0.0))
