"""Subjects: creation, consent, erasure."""

import hashlib
from typing import Literal
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation
from psycopg.rows import DictRow
from roadworthy_runtime import Problem

from questionnaire.database import Link
from questionnaire.messages import ConsentChange, NewSubject, Purpose

LEGAL_BASIS = "GDPR article 17"
# Saving an answer shares the subject; withdrawing consent and erasing take it alone.
LOCKS = {
    "none": "SELECT id, study, pseudonym, created_at FROM subject WHERE id = %s",
    "shared": "SELECT id, study, pseudonym, created_at FROM subject WHERE id = %s FOR SHARE",
    "alone": "SELECT id, study, pseudonym, created_at FROM subject WHERE id = %s FOR UPDATE",
}


async def create_subject(link: Link, new: NewSubject) -> DictRow:
    """Store a subject; raise a 409 Problem when the pseudonym is taken in its study."""
    try:
        return await link.only(
            "INSERT INTO subject (id, study, pseudonym) VALUES (%s, %s, %s) RETURNING id, study, pseudonym, created_at",
            (uuid4(), new.study, new.pseudonym),
        )
    except UniqueViolation:
        # The driver's message quotes the pseudonym: it goes no further.
        raise Problem(409, "PSEUDONYM_TAKEN", "The study has a subject with this pseudonym.") from None


async def find_subject(link: Link, subject: UUID, lock: Literal["none", "shared", "alone"] = "none") -> DictRow:
    """Return the subject; raise a 410 Problem when it was erased, 404 when it never was."""
    row = await link.first(LOCKS[lock], (subject,))
    if row is not None:
        return row
    if await is_erased(link, subject):
        raise Problem(410, "SUBJECT_ERASED", "The subject was erased.")
    raise Problem(404, "SUBJECT_UNKNOWN", "There is no such subject.")


async def change_consent(link: Link, subject: UUID, change: ConsentChange) -> list[DictRow]:
    """Give or withdraw a consent and return all of them; withdrawn audio takes its transcripts along."""
    await find_subject(link, subject, "alone")
    await link.execute(
        "UPDATE consent SET withdrawn_at = now() WHERE subject_id = %s AND purpose = %s AND withdrawn_at IS NULL",
        (subject, change.purpose),
    )
    if change.given:
        await link.execute(
            "INSERT INTO consent (id, subject_id, purpose, text_version) VALUES (%s, %s, %s, %s)",
            (uuid4(), subject, change.purpose, change.text_version),
        )
    elif change.purpose is Purpose.AUDIO:
        await _forget_transcripts(link, subject)
    return await consents(link, subject)


async def consents(link: Link, subject: UUID) -> list[DictRow]:
    """Return every consent of the subject, withdrawn ones included, oldest first."""
    return await link.all(
        "SELECT id, purpose, text_version, given_at, withdrawn_at FROM consent WHERE subject_id = %s "
        "ORDER BY given_at, id",
        (subject,),
    )


async def erase_subject(link: Link, subject: UUID) -> None:
    """Delete all that is known of the subject and leave a tombstone; raise a 404 or 410 Problem when there is none."""
    await find_subject(link, subject, "alone")
    # A digest of a random identifier: it names nobody, yet recognises the subject when an old backup brings it back.
    await link.execute(
        "INSERT INTO erasure_tombstone (subject_digest, legal_basis) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (digest(subject), LEGAL_BASIS),
    )
    for statement in (
        "DELETE FROM answer_history WHERE session_id IN (SELECT id FROM session WHERE subject_id = %s)",
        "DELETE FROM answer WHERE session_id IN (SELECT id FROM session WHERE subject_id = %s)",
        "DELETE FROM session WHERE subject_id = %s",
        "DELETE FROM consent WHERE subject_id = %s",
        "DELETE FROM subject WHERE id = %s",
    ):
        await link.execute(statement, (subject,))


async def is_erased(link: Link, subject: UUID) -> bool:
    """Say whether the subject has a tombstone."""
    row = await link.first("SELECT 1 FROM erasure_tombstone WHERE subject_digest = %s", (digest(subject),))
    return row is not None


def digest(subject: UUID) -> bytes:
    """Return what a tombstone keeps of a subject."""
    return hashlib.sha256(str(subject).encode()).digest()


async def _forget_transcripts(link: Link, subject: UUID) -> None:
    for statement in (
        "UPDATE answer SET transcript = NULL, confidence = NULL "
        "WHERE session_id IN (SELECT id FROM session WHERE subject_id = %s)",
        "UPDATE answer_history SET transcript = NULL, confidence = NULL "
        "WHERE session_id IN (SELECT id FROM session WHERE subject_id = %s)",
    ):
        await link.execute(statement, (subject,))
