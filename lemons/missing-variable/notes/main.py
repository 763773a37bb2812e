"""The service: two probes, and notes that are written, corrected and read."""

import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from notes import settings as environment
from notes.cache import Cache
from notes.store import Store, Unavailable

settings = environment.read()
logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
store = Store(settings.database_url)
cache = Cache()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Open the pool without waiting for the database: readiness tells when it is there."""
    await store.pool.open(wait=False)
    try:
        yield
    finally:
        await store.pool.close(timeout=2.0)
        await cache.redis.aclose()


app = FastAPI(lifespan=lifespan)


class Note(BaseModel):
    """What a caller sends."""

    text: str = Field(min_length=1, max_length=10_000)


def signed_in(authorization: Annotated[str, Header()] = "") -> None:
    """Let nobody in without the token."""
    if not hmac.compare_digest(authorization.encode(), f"Bearer {settings.api_token}".encode()):
        raise HTTPException(401, "sign in first", {"WWW-Authenticate": "Bearer"})


@app.exception_handler(Unavailable)
async def unavailable(_: Request, problem: Unavailable) -> JSONResponse:
    """Say that it is not the caller's fault and worth another try."""
    logging.getLogger("notes").warning("database lost: %s", type(problem.__cause__).__name__)
    return JSONResponse({"detail": "the database does not answer"}, 503, {"Retry-After": "5"})


@app.get("/livez")
async def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "alive"}


@app.get("/readyz")
async def ready() -> dict[str, str]:
    """The database answers; without it nothing works."""
    await store.ping()
    return {"status": "ready"}


@app.post("/notes", status_code=201, dependencies=[Depends(signed_in)])
async def write(note: Note) -> dict[str, object]:
    """Store a note."""
    return {"id": await store.write(note.text), "text": note.text}


@app.put("/notes/{number}", dependencies=[Depends(signed_in)])
async def correct(number: int, note: Note) -> dict[str, object]:
    """Replace a note."""
    if not await store.correct(number, note.text):
        raise HTTPException(404, "no such note")
    await cache.forget(number)
    return {"id": number, "text": note.text}


@app.get("/notes/{number}", dependencies=[Depends(signed_in)])
async def read(number: int) -> dict[str, object]:
    """Return a note."""
    text = await cache.get(number)
    if text is None:
        text = await store.read(number)
        if text is None:
            raise HTTPException(404, "no such note")
        await cache.put(number, text)
    return {"id": number, "text": text}
