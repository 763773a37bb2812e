"""What the routes need of the application."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from questionnaire.database import Database
from questionnaire.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Parts:
    """The database and the instrument, made once by the application."""

    database: Database
    instrument: Instrument


async def parts_of(request: Request) -> Parts:
    """Return the parts of the application that received the request."""
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(parts_of)]
