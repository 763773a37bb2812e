"""The instrument over HTTP."""

from fastapi import APIRouter

from questionnaire.routes.parts import PartsOf
from questionnaire.views import JsonObject, questions_view

router = APIRouter(tags=["questions"])


@router.get("/questions")
async def read_questions(parts: PartsOf) -> JsonObject:
    """Return the items with their codes and neutral labels."""
    return questions_view(parts.instrument)
