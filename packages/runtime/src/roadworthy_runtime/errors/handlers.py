"""How the errors a framework raises become problems.

A service's own handlers are never replaced, only the framework's defaults.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from roadworthy_runtime import contract
from roadworthy_runtime.errors.problem import Problem, code_for, problem_body, problem_headers, title_for
from roadworthy_runtime.errors.safe_message import safe_location, safe_message

_BODILESS = (204, 205, 304)
_MOST_ERRORS = 100


class HasHandlers(Protocol):
    """A Starlette or FastAPI application, as far as errors are concerned."""

    exception_handlers: dict[Any, Any]


def install_handlers(app: HasHandlers) -> None:
    """Answer HTTPException and request validation errors with problems, unless the service answers them itself."""
    handlers = app.exception_handlers
    if _is_framework_default(handlers.get(HTTPException)):
        handlers[HTTPException] = answer_http_exception
    for key, handler in list(handlers.items()):
        if getattr(key, "__name__", "") == "RequestValidationError" and _is_framework_default(handler):
            handlers[key] = answer_validation_error


def _is_framework_default(handler: object) -> bool:
    return handler is None or getattr(handler, "__module__", "") == "fastapi.exception_handlers"


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """The problem for an HTTPException, be it Starlette's, FastAPI's or a Problem."""
    if not isinstance(error, HTTPException):
        raise error
    status, headers, body = describe(error)
    return _response(status, headers, body)


async def answer_validation_error(request: Request, error: Exception) -> Response:
    """The problem for a request that does not fit its model: where and why, never what was sent."""
    errors = [
        {"loc": safe_location(each), "code": str(each.get("type", "invalid")), "message": safe_message(each)}
        for each in _errors_of(error)[:_MOST_ERRORS]
    ]
    detail = "The request does not have the form this service expects."
    body = problem_body(422, contract.VALIDATION_CODE, detail, errors=errors)
    return _response(422, problem_headers(body), body)


def describe(error: HTTPException) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Given an HTTPException, return the status, headers and body of its answer."""
    status = error.status_code
    if status in _BODILESS or status < 200:
        given = {name.lower(): value for name, value in (error.headers or {}).items()}
        return status, [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()], b""
    members: Mapping[str, object] = getattr(error, "members", {})
    raw: object = error.detail
    detail = raw if isinstance(raw, str) and raw != title_for(status) else None
    if raw and not isinstance(raw, str):
        members = {**members, "data": raw}
    code = error.code if isinstance(error, Problem) else code_for(status)
    body = problem_body(status, code, detail, members=members)
    return status, problem_headers(body, error.headers), body


def _errors_of(error: Exception) -> list[Mapping[str, Any]]:
    errors = getattr(error, "errors", None)
    return list(errors()) if callable(errors) else []


def _response(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> Response:
    response = Response(body, status_code=status)
    response.raw_headers = headers
    return response
