"""The service's own start and stop keep working inside the runtime's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from asking import client, wrap
from moments import moments
from roadworthy_runtime import DependencyCheck


class Server:
    """The server's side of the lifespan protocol."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.heard: list[str] = []
        self.to_say = ["lifespan.startup", "lifespan.shutdown"]
        self.on_said: Any = None

    async def run(self) -> list[str]:
        async def receive() -> dict[str, str]:
            return {"type": self.to_say.pop(0)}

        async def send(message: Any) -> None:
            self.heard.append(message["type"])
            if self.on_said is not None:
                await self.on_said(message["type"])

        await self.app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
        return self.heard


async def status(app: Any, path: str) -> int:
    async with client(app) as asking:
        return (await asking.get(path)).status_code


async def test_checks_run_only_between_start_and_stop_of_the_service() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        events.append("opened")
        yield
        events.append(f"closed with {len(rw.health.checkers)} checks and started={rw.health.started}")

    async def probe() -> None:
        events.append("asked")

    app = FastAPI(lifespan=lifespan)
    rw = wrap(app, checks=[DependencyCheck("database", probe=probe, interval_seconds=0.001)])
    server = Server(app)

    async def look(said: str) -> None:
        if said == "lifespan.startup.complete":
            assert await status(app, "/health/startup") == 200
            async for _ in moments():
                if events.count("asked") >= 3:
                    break

    server.on_said = look

    assert await server.run() == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert events[0] == "opened"
    assert events[-1] == "closed with 1 checks and started=False"


async def test_failing_start_is_passed_on() -> None:
    def refuse() -> None:
        raise RuntimeError("no store")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        refuse()
        yield

    app = FastAPI(lifespan=lifespan)
    rw = wrap(app)
    server = Server(app)

    with pytest.raises(RuntimeError, match="no store"):
        await server.run()

    assert server.heard == ["lifespan.startup.failed"]
    assert not rw.health.started


@pytest.mark.parametrize("raises", [True, False])
async def test_application_without_a_lifespan_is_started_by_the_runtime(raises: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if raises:
            raise TypeError("I know http only")

    rw = wrap(app)

    assert await Server(rw).run() == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_websocket_passes_and_knows_its_id() -> None:
    from roadworthy_runtime import request_id

    seen: list[str | None] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(request_id())

    headers = [(b"x-request-id", b"caller-id-0001")]

    async def nothing(*_: Any) -> Any:
        return None

    await wrap(app)({"type": "websocket", "headers": headers, "path": "/"}, nothing, nothing)

    assert seen == ["caller-id-0001"]
