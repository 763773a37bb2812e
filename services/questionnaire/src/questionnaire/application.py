"""The application: settings in, an ASGI application out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Depends, FastAPI
from roadworthy_runtime import DependencyCheck, Roadworthy

from questionnaire.backup_watch import watch_backups
from questionnaire.config import Config
from questionnaire.database import Database
from questionnaire.instrument import load_instrument
from questionnaire.routes import questions, sessions, subjects
from questionnaire.routes.parts import Parts
from questionnaire.token_guard import require_token


def create_app(config: Config) -> FastAPI:
    """Return the service; it starts without its database and becomes ready when the database answers."""
    database = Database(config.database_url.get_secret_value(), size=config.database_pool_size)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        watcher = asyncio.create_task(watch_backups(database))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
            await database.close()

    # The pages of /docs load scripts from the internet; the document itself is at /openapi.json.
    app = FastAPI(title="Questionnaire", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.parts = Parts(database, load_instrument())
    guard = Depends(require_token(config.api_token))
    app.include_router(subjects.router, prefix="/api/v1", dependencies=[guard])
    app.include_router(sessions.router, prefix="/api/v1", dependencies=[guard])
    app.include_router(questions.router, prefix="/api/v1", dependencies=[guard])
    Roadworthy(
        app,
        service="questionnaire",
        checks=[
            DependencyCheck("database", probe=database.probe, critical=True, interval_seconds=2, deadline_seconds=1)
        ],
        settings=config,
    )
    return app
