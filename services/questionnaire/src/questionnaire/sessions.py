"""Sessions: one filling-in of the instrument by one subject."""

from uuid import UUID, uuid4

from psycopg.rows import DictRow
from roadworthy_runtime import Problem

from questionnaire.database import Link
from questionnaire.instrument import Instrument
from questionnaire.messages import NewSession
from questionnaire.subjects import find_subject


async def create_session(link: Link, instrument: Instrument, new: NewSession) -> DictRow:
    """Open a session; raise a 404 or 410 Problem when there is no such subject."""
    await find_subject(link, new.subject_id, "shared")
    return await link.only(
        "INSERT INTO session (id, subject_id, instrument, instrument_version, visit, mode) "
        "VALUES (%s, %s, %s, %s, %s, %s) RETURNING *",
        (uuid4(), new.subject_id, instrument.key, instrument.version, new.visit, new.mode),
    )


async def find_session(link: Link, session: UUID) -> DictRow:
    """Return the session; raise a 404 Problem when there is none."""
    row = await link.first("SELECT * FROM session WHERE id = %s", (session,))
    if row is None:
        raise Problem(404, "SESSION_UNKNOWN", "There is no such session.")
    return row


async def sessions_of(link: Link, subject: UUID) -> list[DictRow]:
    """Return every session of the subject, oldest first."""
    return await link.all("SELECT * FROM session WHERE subject_id = %s ORDER BY started_at, id", (subject,))
