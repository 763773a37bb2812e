"""Subjects over HTTP: create, consent, export, erase."""

from uuid import UUID

from fastapi import APIRouter, Response
from roadworthy_runtime import get_logger

from questionnaire import subjects
from questionnaire.exports import export_subject
from questionnaire.messages import ConsentChange, NewSubject
from questionnaire.metrics import subjects_erased
from questionnaire.routes.parts import PartsOf
from questionnaire.views import JsonObject, row_view

router = APIRouter(tags=["subjects"])
logger = get_logger("questionnaire.subjects")


@router.post("/subjects", status_code=201)
async def create_subject(parts: PartsOf, new: NewSubject) -> JsonObject:
    """Create a subject, known by pseudonym only."""
    async with parts.database.transaction() as link:
        subject = await subjects.create_subject(link, new)
    return row_view(subject)


@router.post("/subjects/{subject}/consents", status_code=201)
async def change_consent(parts: PartsOf, subject: UUID, change: ConsentChange) -> JsonObject:
    """Give or withdraw a consent."""
    async with parts.database.transaction() as link:
        rows = await subjects.change_consent(link, subject, change)
    return {"consents": [row_view(row) for row in rows]}


@router.get("/subjects/{subject}/data-export")
async def export(parts: PartsOf, subject: UUID) -> JsonObject:
    """Return everything stored about the subject."""
    async with parts.database.transaction() as link:
        return await export_subject(link, parts.instrument, subject)


@router.delete("/subjects/{subject}", status_code=204)
async def erase_subject(parts: PartsOf, subject: UUID) -> Response:
    """Erase the subject and leave a tombstone without personal data."""
    async with parts.database.transaction() as link:
        await subjects.erase_subject(link, subject)
    subjects_erased.inc()
    # The digest names nobody; it lets operations repeat the erasure when the tombstones are lost with the database.
    logger.info("subject erased", extra={"subject_digest": subjects.digest(subject).hex()})
    return Response(status_code=204)
