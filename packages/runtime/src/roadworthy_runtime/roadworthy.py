"""The one line: `rw = Roadworthy(app, service="…")`."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeGuard

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from roadworthy_runtime.drain import Drain
from roadworthy_runtime.errors.handlers import install_handlers
from roadworthy_runtime.health.dependency_check import DependencyCheck
from roadworthy_runtime.health.health import Health
from roadworthy_runtime.logs.setup import configure_logs
from roadworthy_runtime.one_pass import OnePass
from roadworthy_runtime.options import DRAIN_SECONDS, LINGER_SECONDS, Options
from roadworthy_runtime.settings import Settings


class BuildsStack(Protocol):
    """A Starlette or FastAPI application, known by what it does."""

    exception_handlers: dict[Any, Any]
    middleware_stack: ASGIApp | None

    def build_middleware_stack(self) -> ASGIApp:
        """The application's middlewares around its router."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""


class Roadworthy:
    """Wraps an application from the outside.

    Given a Starlette or FastAPI application, the application itself is changed and is served as before; given any
    other ASGI callable, this object is what to serve. `drain_seconds` is the whole time from SIGTERM until requests
    under way are cut, `linger_seconds` the part of it in which new ones are still taken. `settings.log_level` is the
    level of the root logger. Give `logs=False` to leave logging as it is and to write no access lines. Raise ConfigurationError, naming every wrong option.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        checks: Sequence[DependencyCheck] = (),
        settings: Settings | None = None,
        drain_seconds: float = DRAIN_SECONDS,
        linger_seconds: float = LINGER_SECONDS,
        logs: bool = True,
    ) -> None:
        level = getattr(settings, "log_level", None)
        level = level.upper() if isinstance(level, str) else None
        self.options = Options(service, tuple(checks), drain_seconds, linger_seconds, logs, level)
        self.health = Health(self.options.checks)
        self._drain = Drain(self.health, drain_seconds, linger_seconds)
        self._configure_logs()
        if _builds_stack(app):
            self._install(app)
            self._serve: ASGIApp = app
        else:
            self._serve = self._wrap(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(scope, receive, send)

    def _install(self, app: BuildsStack) -> None:
        """Become the outermost part of the application's stack, in the place of the framework's own error answer."""
        if app.middleware_stack is not None:
            raise RuntimeError("Roadworthy(app): the application has served already; wrap it before it starts")
        install_handlers(app)
        build = app.build_middleware_stack

        def build_wrapped() -> ASGIApp:
            stack = build()
            if type(stack) is ServerErrorMiddleware:
                return self._wrap(stack.app, stack.handler)
            return self._wrap(stack)

        app.build_middleware_stack = build_wrapped  # type: ignore[method-assign] # frameworks offer no outermost place

    def _wrap(self, app: ASGIApp, error_handler: Any = None) -> OnePass:
        return OnePass(
            app,
            service=self.options.service,
            health=self.health,
            drain=self._drain,
            error_handler=error_handler,
            on_started=self._configure_logs,
            access_lines=self.options.logs,
        )

    def _configure_logs(self) -> None:
        """Once when wrapped and once when started: a server may set up its own logging in between."""
        if self.options.logs:
            configure_logs(self.options.service, self.options.log_level)


def _builds_stack(app: object) -> TypeGuard[BuildsStack]:
    return all(hasattr(app, name) for name in ("build_middleware_stack", "exception_handlers", "middleware_stack"))
