"""Answers: a first one, corrections, and the history that keeps every revision."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow
from roadworthy_runtime import Problem

from questionnaire.database import Link
from questionnaire.instrument import Instrument
from questionnaire.messages import NewAnswer, Purpose
from questionnaire.sessions import find_session
from questionnaire.subjects import find_subject, has_consent

CONTENT = ("value", "status", "source", "transcript", "confidence")


@dataclass(frozen=True, slots=True)
class Saved:
    """The stored answer, and whether this request changed anything."""

    answer: DictRow
    changed: bool


async def save_answer(
    link: Link, instrument: Instrument, session: UUID, item: int, new: NewAnswer, expected_revision: int | None
) -> Saved:
    """Store an answer once.

    The same answer again changes nothing; another one is a correction with the next revision. Raise a Problem when the
    item or value is out of range, the session unknown, consent missing, or the expected revision not the stored one.
    """
    _check_range(instrument, item, new)
    await _check_consent(link, (await find_session(link, session))["subject_id"], new)
    # Two first answers to one item at the same moment: the lock makes the second one a correction.
    await link.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (str(session), item))
    stored = await link.first("SELECT * FROM answer WHERE session_id = %s AND item = %s", (session, item))
    revision = 0 if stored is None else stored["revision"]
    if expected_revision is not None and expected_revision != revision:
        raise Problem(409, "STALE_REVISION", f"The stored revision is {revision}.")
    if stored is not None and all(stored[name] == getattr(new, name) for name in CONTENT):
        return Saved(stored, changed=False)
    answer = await link.only(
        "INSERT INTO answer (session_id, item, revision, value, status, source, transcript, confidence, answered_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now()) "
        "ON CONFLICT (session_id, item) DO UPDATE SET revision = excluded.revision, value = excluded.value, "
        "status = excluded.status, source = excluded.source, transcript = excluded.transcript, "
        "confidence = excluded.confidence, answered_at = excluded.answered_at RETURNING *",
        (session, item, revision + 1, new.value, new.status, new.source, new.transcript, new.confidence),
    )
    await link.execute(
        "INSERT INTO answer_history "
        "(session_id, item, revision, value, status, source, transcript, confidence, answered_at) "
        "SELECT session_id, item, revision, value, status, source, transcript, confidence, answered_at "
        "FROM answer WHERE session_id = %s AND item = %s",
        (session, item),
    )
    return Saved(answer, changed=True)


async def answers_of(link: Link, session: UUID) -> list[DictRow]:
    """Return the current answers of the session, by item."""
    return await link.all("SELECT * FROM answer WHERE session_id = %s ORDER BY item", (session,))


async def history_of(link: Link, session: UUID) -> list[DictRow]:
    """Return every revision of every answer of the session."""
    return await link.all("SELECT * FROM answer_history WHERE session_id = %s ORDER BY item, revision", (session,))


def _check_range(instrument: Instrument, item: int, new: NewAnswer) -> None:
    definition = instrument.items.get(item)
    if definition is None:
        raise Problem(404, "ITEM_UNKNOWN", f"The instrument has no item {item}.")
    if new.value is not None and not definition.allows(new.value):
        raise Problem(
            422, "VALUE_OUT_OF_RANGE", f"Item {item} takes a value from {definition.minimum} to {definition.maximum}."
        )


async def _check_consent(link: Link, subject: UUID, new: NewAnswer) -> None:
    await find_subject(link, subject, "shared")
    if not await has_consent(link, subject, Purpose.DATA_PROCESSING):
        raise Problem(403, "CONSENT_REQUIRED", "The subject has not consented to data processing.")
    if new.transcript is not None and not await has_consent(link, subject, Purpose.AUDIO):
        raise Problem(
            403, "AUDIO_CONSENT_REQUIRED", "The subject has not consented to audio; leave the transcript out."
        )
