"""The service's own start and stop, with the runtime's around it: watch after start, let go before stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roadworthy_runtime.errors.stack import error_name

_LOGGER = logging.getLogger("roadworthy.lifespan")


class Lifespan:
    """One run of the lifespan protocol.

    An application that knows nothing of the protocol counts as started at once. One whose shutdown overstays
    `seconds_left` is given up, so that the process ends in time.
    """

    def __init__(
        self,
        app: ASGIApp,
        on_started: Callable[[], None],
        on_stopping: Callable[[], Awaitable[None]],
        seconds_left: Callable[[], float],
    ) -> None:
        self._app = app
        self._on_started = on_started
        self._on_stopping = on_stopping
        self._seconds_left = seconds_left
        self._answered: set[str] = set()
        self._stopping = asyncio.Event()

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak the protocol with the server on one side and the application on the other."""

        async def receive_for_app() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self._on_stopping()
                self._stopping.set()
            return message

        async def send_for_app(message: Message) -> None:
            self._answered.add(message["type"])
            if message["type"] == "lifespan.startup.complete":
                self._on_started()
            await send(message)

        inner = asyncio.ensure_future(self._app(scope, receive_for_app, send_for_app))
        overdue = asyncio.create_task(self._overdue())
        try:
            await asyncio.wait({inner, overdue}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            overdue.cancel()
            if not inner.done():
                inner.cancel()
        if not inner.done():
            _LOGGER.error("shutdown of the application overstayed the drain deadline and was given up")
            await send({"type": "lifespan.shutdown.complete"})
            return
        await self._conclude(inner, receive, send)

    async def _overdue(self) -> None:
        await self._stopping.wait()
        await asyncio.sleep(self._seconds_left())

    async def _conclude(self, inner: asyncio.Future[None], receive: Receive, send: Send) -> None:
        """The application is through: pass its failure on, or go on alone when it never spoke the protocol."""
        error = None if inner.cancelled() else inner.exception()
        if error is not None and (self._answered or not isinstance(error, Exception)):
            raise error
        if self._answered:
            return
        if error is not None:
            _LOGGER.info("the application has no lifespan", extra={"reason": error_name(error)})
        self._on_started()
        await send({"type": "lifespan.startup.complete"})
        while (await receive())["type"] != "lifespan.shutdown":
            continue
        await self._on_stopping()
        await send({"type": "lifespan.shutdown.complete"})
