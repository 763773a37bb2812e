"""Everything that is stored about one subject, for that subject."""

from uuid import UUID

from questionnaire.answers import answers_of, history_of
from questionnaire.database import Link
from questionnaire.instrument import Instrument
from questionnaire.sessions import sessions_of
from questionnaire.subjects import consents, find_subject
from questionnaire.views import JsonObject, answer_views, row_view, scores_view


async def export_subject(link: Link, instrument: Instrument, subject: UUID) -> JsonObject:
    """Return the subject with consents, sessions, answers, their history and scores."""
    person = await find_subject(link, subject)
    sessions: list[JsonObject] = []
    for session in await sessions_of(link, subject):
        answers = await answers_of(link, session["id"])
        sessions.append(
            row_view(session, "subject_id")
            | {
                "answers": answer_views(answers),
                "history": answer_views(await history_of(link, session["id"])),
                "scores": scores_view(instrument, answers),
            }
        )
    return {
        "subject": row_view(person),
        "consents": [row_view(consent) for consent in await consents(link, subject)],
        "sessions": sessions,
    }
