"""A small service on the runtime, served by a real uvicorn in the tests; variables choose how it misbehaves."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, SecretStr

from roadworthy_runtime import Counter, DependencyCheck, Problem, Roadworthy, Settings, get_logger, load, request_id

logger = get_logger(__name__)
saved = Counter("sample_answers_saved_total", "Answers stored.", ("source",), max_series=3)


class Config(Settings):
    """What the sample reads."""

    token: SecretStr = SecretStr("canary-token-0123456789")
    log_level: str = "INFO"


class Answer(BaseModel):
    """One answer."""

    number: int


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start and stop; the stop hangs when asked to."""
    logger.info("opened")
    yield
    logger.info("closing")
    if os.environ.get("SAMPLE_HANGS_ON_CLOSE"):
        await asyncio.sleep(3600)


async def ask_database() -> None:
    """A dependency that hangs, refuses or works."""
    if os.environ.get("SAMPLE_DATABASE") == "hangs":
        await asyncio.sleep(3600)
    if os.environ.get("SAMPLE_DATABASE") == "refuses":
        raise ConnectionRefusedError("canary-dsn-postgresql://user:password@host")


settings = load(Config)
app = FastAPI(lifespan=lifespan)
rw = Roadworthy(
    app,
    service="sample",
    checks=[DependencyCheck("database", probe=ask_database, interval_seconds=0.1, deadline_seconds=0.1)],
    settings=settings,
    drain_seconds=float(os.environ.get("SAMPLE_DRAIN_SECONDS", "20")),
    linger_seconds=float(os.environ.get("SAMPLE_LINGER_SECONDS", "1")),
)
router = APIRouter(prefix="/sessions")


@router.post("/{session}/answers")
async def save(session: str, answer: Answer) -> dict[str, int]:
    """Take an answer."""
    saved.labels("web").inc()
    logger.info("answer saved", extra={"number": answer.number})
    return {"number": answer.number}


@router.get("/{session}/conflict")
async def conflict(session: str) -> None:
    """Refuse on purpose."""
    raise Problem(409, "STALE_REVISION", "The answer has changed meanwhile.", revision=3)


@app.get("/slow")
async def slow(seconds: float = 1.0) -> dict[str, str | None]:
    """Take a while."""
    await asyncio.sleep(seconds)
    return {"request_id": request_id()}


@app.get("/boom")
async def boom() -> None:
    """Fail with a secret in the message."""
    raise RuntimeError(f"cannot reach the store with {settings.token.get_secret_value()}")


@app.get("/stream")
async def stream(pieces: int = 3, fails: bool = False) -> StreamingResponse:
    """Answer in pieces, and break off when asked to."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield b"piece\n"
            await asyncio.sleep(0.05)
        if fails:
            raise RuntimeError("the stream broke")

    return StreamingResponse(body())


@app.get("/later")
async def later(tasks: BackgroundTasks) -> dict[str, bool]:
    """Answer, then fail behind the answer."""

    def fail() -> None:
        raise RuntimeError("the task broke")

    tasks.add_task(fail)
    return {"queued": True}


@app.get("/shout")
async def shout(lines: int) -> dict[str, int]:
    """Log a lot."""
    for number in range(lines):
        logger.info("line", extra={"number": number, "padding": "x" * 1000})
    return {"lines": lines}


app.include_router(router, prefix="/v1")
