"""The single pass around an application: request id, probes, metrics, access line, errors, drain."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from roadworthy_runtime import contract
from roadworthy_runtime.access_line import write_access_line
from roadworthy_runtime.correlation import CURRENT, accept
from roadworthy_runtime.drain import Drain
from roadworthy_runtime.errors.handlers import describe
from roadworthy_runtime.errors.problem import problem_body, problem_headers
from roadworthy_runtime.exchange import Exchange
from roadworthy_runtime.health.health import Health
from roadworthy_runtime.lifespan import Lifespan
from roadworthy_runtime.logs.sink import SINK
from roadworthy_runtime.metrics.http_metrics import HttpMetrics
from roadworthy_runtime.own_paths import OwnPaths
from roadworthy_runtime.route_template import route_template

_LOGGER = logging.getLogger("roadworthy.errors")
_METHODS = frozenset(contract.METHODS)
_PATHS = frozenset(contract.PATHS)
_MARK = "roadworthy"
"""In the scope of a request that has met a pass already: an application mounted inside another is not counted twice."""

ErrorHandler = Callable[[Request, Exception], Any]


class OnePass:
    """Pure ASGI; per-request state lives in the request's own `Exchange`.

    An error of the application fails closed: the caller gets a problem without its text, the log gets the stack.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        health: Health,
        drain: Drain,
        error_handler: ErrorHandler | None = None,
        on_started: Callable[[], None] = lambda: None,
        access_lines: bool = True,
    ) -> None:
        self.app = app
        self._service = service
        self._health = health
        self._drain = drain
        self._error_handler = error_handler
        self._on_started = on_started
        self._access_lines = access_lines
        self._in_flight = drain.in_flight
        self._http_metrics = HttpMetrics()
        self._own_paths = OwnPaths(service, health, self._http_metrics, self._in_flight.__len__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _MARK in scope:
            await self._other(scope, receive, send)
            return
        scope[_MARK] = True
        if not self._health.started:
            self._started()
        request_id = accept(scope["headers"])
        request_id_text = request_id.decode()
        token = CURRENT.set(request_id_text)
        exchange = Exchange(send, request_id, self._health.draining)
        path: str = scope["path"]
        if path in _PATHS or (scope.get("root_path") and _below_root(scope) in _PATHS):
            try:
                await exchange.answer(*self._own_paths.answer(_below_root(scope), scope["method"]))
            finally:
                CURRENT.reset(token)
            return
        began = perf_counter()
        task = asyncio.current_task()
        self._in_flight.add(task)
        try:
            await self.app(scope, receive, exchange.send)
            if not exchange.status:
                await self._unanswered(exchange)
        except Exception as error:
            await self._failed(error, scope, receive, exchange)
        except asyncio.CancelledError:
            await self._cancelled(task, exchange)
        finally:
            self._in_flight.discard(task)
            seconds = perf_counter() - began
            method: str = scope["method"]
            if method not in _METHODS:
                method = contract.OVERFLOW
            route = route_template(scope)
            status = exchange.status or contract.CLIENT_GONE_STATUS
            self._http_metrics.observe(method, route, status, seconds)
            if self._access_lines:
                write_access_line(self._service, request_id_text, method, route, path, status, seconds)
            CURRENT.reset(token)

    async def _unanswered(self, exchange: Exchange) -> None:
        _LOGGER.error("the application returned without an answer")
        await self._answer_problem(exchange, 500)

    async def _failed(self, error: Exception, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        """Answer for an error nobody handled; one that cuts a begun answer is raised again, so that the server cuts too."""
        if isinstance(error, ClientDisconnect):
            return
        if isinstance(error, HTTPException) and not exchange.started:
            await exchange.answer(*describe(error))
            return
        _LOGGER.error("unhandled error", exc_info=error)
        if not exchange.started:
            await self._answer_error(error, scope, receive, exchange)
        elif not exchange.complete:
            raise error

    async def _answer_error(self, error: Exception, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        """By the service's own handler for Exception or 500 when it has one and it works, otherwise by a problem."""
        handler = self._error_handler
        if handler is not None:
            try:
                request = Request(scope, receive)
                answer = handler(request, error) if _is_async(handler) else run_in_threadpool(handler, request, error)
                response = await answer
                await response(scope, receive, exchange.send)
            except Exception as failure:
                _LOGGER.error("the handler of unhandled errors failed", exc_info=failure)
                if exchange.started:
                    raise
            else:
                return
        await self._answer_problem(exchange, 500)

    async def _cancelled(self, task: asyncio.Task[Any] | None, exchange: Exchange) -> None:
        """Cut by the drain deadline before the answer began: say so. Cut by anybody else: let it be cut."""
        if task is None or not self._drain.expired or exchange.started:
            raise
        task.uncancel()
        await self._answer_problem(exchange, 503, contract.DRAINING_CODE)

    async def _answer_problem(self, exchange: Exchange, status: int, code: str | None = None) -> None:
        body = problem_body(status, code or contract.CODES[status])
        await exchange.answer(status, problem_headers(body), body)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            lifespan = Lifespan(self.app, self._start, self._stop, self._drain.seconds_left)
            await lifespan.run(scope, receive, send)
        elif scope["type"] == "websocket":
            token = CURRENT.set(accept(scope["headers"]).decode())
            try:
                await self.app(scope, receive, send)
            finally:
                CURRENT.reset(token)
        else:
            await self.app(scope, receive, send)

    def _start(self) -> None:
        """The lifespan protocol says that the application has started: from here on the signals are ours."""
        SINK.open()
        self._drain.install()
        self._started()

    def _started(self) -> None:
        """Served without a lifespan, this is as far as the start goes: whoever embeds us keeps his signals."""
        self._on_started()
        self._health.start()

    async def _stop(self) -> None:
        self._drain.begin()
        await self._health.stop()
        self._drain.uninstall()
        SINK.close()


def _is_async(handler: ErrorHandler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None))  # noqa: B004


def _below_root(scope: Scope) -> str:
    """The path without the prefix that a proxy in front of the service has put before it."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
