"""Sessions over HTTP: create, answer, read, score."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response

from questionnaire import answers, sessions
from questionnaire.messages import NewAnswer, NewSession
from questionnaire.metrics import answers_corrected, answers_saved, sessions_created
from questionnaire.routes.parts import PartsOf
from questionnaire.views import JsonObject, answer_views, row_view, scores_view

router = APIRouter(tags=["sessions"])
ItemNumber = Annotated[int, Path(ge=1, le=999)]
Revision = Annotated[str | None, Header(pattern=r'^"\d{1,9}"$', description="The stored revision, in quotes.")]


@router.post("/sessions", status_code=201)
async def create_session(parts: PartsOf, new: NewSession) -> JsonObject:
    """Open a session for a subject."""
    async with parts.database.transaction() as link:
        session = await sessions.create_session(link, parts.instrument, new)
    sessions_created.labels(new.mode.value).inc()
    return {"success": True, "sessionId": session["id"]} | row_view(session, "id")


@router.get("/sessions/{session}")
async def read_session(parts: PartsOf, session: UUID) -> JsonObject:
    """Return the session with its current answers."""
    async with parts.database.transaction() as link:
        row = await sessions.find_session(link, session)
        current = await answers.answers_of(link, session)
    return {"sessionId": row["id"]} | row_view(row, "id") | {"answers": answer_views(current)}


@router.put("/sessions/{session}/answers/{item}")
async def save_answer(
    parts: PartsOf, response: Response, session: UUID, item: ItemNumber, new: NewAnswer, if_match: Revision = None
) -> JsonObject:
    """Store an answer; the same one again changes nothing, another one is a correction."""
    expected = None if if_match is None else int(if_match.strip('"'))
    async with parts.database.transaction() as link:
        saved = await answers.save_answer(link, parts.instrument, session, item, new, expected)
    if saved.changed:
        answers_saved.labels(new.source.value).inc()
        if saved.answer["revision"] > 1:
            answers_corrected.inc()
    response.headers["ETag"] = f'"{saved.answer["revision"]}"'
    return row_view(saved.answer)


@router.get("/sessions/{session}/scores")
async def read_scores(parts: PartsOf, session: UUID) -> JsonObject:
    """Return the scores of the answers stored so far."""
    async with parts.database.transaction() as link:
        await sessions.find_session(link, session)
        current = await answers.answers_of(link, session)
    return {"sessionId": session} | scores_view(parts.instrument, current)
