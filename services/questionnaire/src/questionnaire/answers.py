"""Answers: a first one, corrections, and the history that keeps every revision."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow
from roadworthy_runtime import Problem

from questionnaire.database import Link
from questionnaire.instrument import Instrument
from questionnaire.messages import NewAnswer, Purpose

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
    # Sent together, answered together. The share of the subject keeps consent and erasure still until the commit; the
    # lock makes the second of two simultaneous first answers a correction.
    subjects = await link.execute(
        "SELECT subject.id FROM session JOIN subject ON subject.id = session.subject_id WHERE session.id = %s "
        "FOR SHARE OF subject",
        (session,),
    )
    consents = await link.execute(
        "SELECT purpose FROM consent JOIN session ON session.subject_id = consent.subject_id "
        "WHERE session.id = %s AND withdrawn_at IS NULL",
        (session,),
    )
    await link.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (str(session), item))
    answers = await link.execute("SELECT * FROM answer WHERE session_id = %s AND item = %s", (session, item))
    if await subjects.fetchone() is None:
        raise Problem(404, "SESSION_UNKNOWN", "There is no such session.")
    _check_consent({row["purpose"] for row in await consents.fetchall()}, new)
    stored = await answers.fetchone()
    revision = 0 if stored is None else stored["revision"]
    if expected_revision is not None and expected_revision != revision:
        raise Problem(409, "STALE_REVISION", f"The stored revision is {revision}.")
    if stored is not None and all(stored[name] == getattr(new, name) for name in CONTENT):
        return Saved(stored, changed=False)
    return Saved(await _store(link, session, item, new, revision + 1), changed=True)


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


def _check_consent(purposes: set[str], new: NewAnswer) -> None:
    if Purpose.DATA_PROCESSING not in purposes:
        raise Problem(403, "CONSENT_REQUIRED", "The subject has not consented to data processing.")
    if new.transcript is not None and Purpose.AUDIO not in purposes:
        raise Problem(
            403, "AUDIO_CONSENT_REQUIRED", "The subject has not consented to audio; leave the transcript out."
        )


async def _store(link: Link, session: UUID, item: int, new: NewAnswer, revision: int) -> DictRow:
    """Write the answer and the history entry of the same content."""
    content = (session, item, revision, new.value, new.status, new.source, new.transcript, new.confidence)
    await link.execute(
        "INSERT INTO answer_history "
        "(session_id, item, revision, value, status, source, transcript, confidence, answered_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now())",
        content,
    )
    return await link.only(
        "INSERT INTO answer (session_id, item, revision, value, status, source, transcript, confidence, answered_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now()) "
        "ON CONFLICT (session_id, item) DO UPDATE SET revision = excluded.revision, value = excluded.value, "
        "status = excluded.status, source = excluded.source, transcript = excluded.transcript, "
        "confidence = excluded.confidence, answered_at = excluded.answered_at RETURNING *",
        content,
    )
