"""The application: routes, limits, headers, measurements."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import sentry_sdk
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from appointments import calendar, guard
from appointments.database import engine
from appointments.logs import configure_logging, request_id
from appointments.metrics import DURATION, REQUESTS
from appointments.routes import bookings, customers, health
from appointments.settings import settings

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Give back every connection when the process ends."""
    yield
    await calendar.client().aclose()
    await guard.redis().aclose()
    await engine().dispose()


configure_logging(settings().log_level)
if dsn := settings().sentry_dsn:
    sentry_sdk.init(dsn=dsn.get_secret_value(), send_default_pii=False, traces_sample_rate=0.0)

app = FastAPI(title="Appointments", version="1.4.0", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings().allowed_origins,
    allow_methods=["GET", "POST", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
)
app.include_router(health.router)
app.include_router(bookings.router, prefix="/api/v1")
app.include_router(customers.router, prefix="/api/v1")


@app.middleware("http")
async def observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Measure every request, name it in the log and in the answer, and harden the answer."""
    given = request.headers.get("x-request-id", "")
    id_ = given if given.isalnum() and len(given) <= 64 else uuid4().hex
    request_id.set(id_)
    started = time.perf_counter()
    try:
        response = await call_next(request)
    except Exception:
        log.exception("a request failed")
        response = JSONResponse({"detail": "internal error", "request_id": id_}, status_code=500)
    route = getattr(request.scope.get("route"), "path", "unmatched")
    REQUESTS.labels(method=request.method, route=route, status=str(response.status_code)).inc()
    DURATION.labels(method=request.method, route=route).observe(time.perf_counter() - started)
    response.headers["X-Request-Id"] = id_
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response
