"""Every answer that is not a success has the same shape and gives nothing away."""

from typing import Any

import pytest
from fastapi import FastAPI, Header, HTTPException, Query
from pydantic import BaseModel, ConfigDict, field_validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from asking import client, scrape, value, wrap
from roadworthy_runtime import Problem

SECRET = "canary-7f3a91c0"


class Form(BaseModel):
    """Something to send."""

    model_config = ConfigDict(extra="forbid")
    number: int = 0
    scores: dict[str, int] = {}
    word: str = ""

    @field_validator("word")
    @classmethod
    def quotes(cls, word: str) -> str:
        """Complain with the input in the message, as people do."""
        if word == "plain":
            raise ValueError("must not be a plain one")
        if word:
            raise ValueError(f"{word!r} is not a word")
        return word


def service() -> FastAPI:
    app = FastAPI()
    wrap(app)

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError(SECRET)

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "Short and stout.", headers={"X-Kettle": "on"})

    @app.get("/unmodified")
    async def unmodified() -> None:
        raise HTTPException(304, headers={"ETag": "abc"})

    @app.get("/structured")
    async def structured() -> None:
        raise HTTPException(400, {"why": ["a", "b"]})

    @app.get("/stale")
    async def stale() -> None:
        raise Problem(409, "STALE_REVISION", "Read again.", headers={"Retry-After": "1"}, current=3)

    @app.get("/group")
    async def group() -> None:
        raise ExceptionGroup(SECRET, [ValueError(SECRET)])

    @app.post("/form")
    async def form(form: Form, page: int = Query(1), x_token: int = Header(0)) -> Form:
        return form

    return app


async def ask(method: str, path: str, app: Any = None, **options: Any) -> Any:
    async with client(app or service()) as asking:
        return await asking.request(method, path, **options)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("POST", "/boom", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/boom", 500, "INTERNAL_ERROR"),
        ("GET", "/group", 500, "INTERNAL_ERROR"),
        ("GET", "/teapot", 418, "IM_A_TEAPOT"),
        ("GET", "/structured", 400, "BAD_REQUEST"),
        ("GET", "/stale", 409, "STALE_REVISION"),
        ("POST", "/form", 422, "VALIDATION_FAILED"),
        ("DELETE", "/health/live", 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_every_error_is_a_problem(method: str, path: str, status: int, code: str) -> None:
    answer = await ask(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text


async def test_headers_detail_and_members_of_an_error_arrive() -> None:
    teapot, stale, structured = [await ask("GET", path) for path in ("/teapot", "/stale", "/structured")]

    assert (teapot.headers["x-kettle"], teapot.json()["detail"]) == ("on", "Short and stout.")
    assert (stale.headers["retry-after"], stale.json()["current"]) == ("1", 3)
    assert structured.json()["data"] == {"why": ["a", "b"]}


async def test_answer_without_a_body_stays_without_one() -> None:
    answer = await ask("GET", "/unmodified")

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", "abc")


async def test_allow_header_of_a_wrong_method_arrives() -> None:
    assert (await ask("POST", "/boom")).headers["allow"] == "GET"


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"number": SECRET}},
        {"json": {"word": SECRET}},
        {"json": {SECRET: 1}},
        {"json": {"scores": {SECRET + "!": "x"}}},
        {"json": {"scores": SECRET}},
        {"json": [SECRET]},
        {"content": f'{{"number": {SECRET}'.encode()},
        {"content": SECRET.encode(), "headers": {"content-type": "application/json"}},
        {"json": {}, "params": {"page": SECRET}},
        {"json": {}, "headers": {"x-token": SECRET}},
    ],
)
async def test_validation_errors_never_echo_the_input(options: dict[str, Any]) -> None:
    answer = await ask("POST", "/form", **options)

    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert SECRET not in answer.text


async def test_validation_error_says_where_and_why() -> None:
    number = await ask("POST", "/form", json={"number": "seven"})
    word = await ask("POST", "/form", json={"word": "plain"})

    assert number.json()["errors"] == [
        {
            "loc": ["body", "number"],
            "code": "int_parsing",
            "message": "Input should be a valid integer, unable to parse string as an integer",
        }
    ]
    assert word.json()["errors"][0]["message"] == "The value is not valid."


async def test_services_own_handlers_are_kept() -> None:
    app = service()

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> Response:
        return PlainTextResponse("own 404", 404)

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        return PlainTextResponse("own 500", 500)

    assert (await ask("GET", "/nothing", app)).text == "own 404"
    answer = await ask("GET", "/boom", app)
    assert answer.text == "own 500"
    assert answer.headers["x-request-id"]


async def test_handler_registered_before_the_one_line_is_kept() -> None:
    async def own(request: Request, error: Exception) -> Response:
        return PlainTextResponse("own", 400)

    app = FastAPI(exception_handlers={HTTPException: own})
    wrap(app)

    @app.get("/fail")
    async def fail() -> None:
        raise HTTPException(400)

    assert (await ask("GET", "/fail", app)).text == "own"


async def test_broken_handler_of_unhandled_errors_still_gives_a_problem() -> None:
    app = service()

    @app.exception_handler(500)
    async def broken(request: Request, error: Exception) -> Response:
        raise LookupError(SECRET)

    answer = await ask("GET", "/boom", app)

    assert answer.json()["code"] == "INTERNAL_ERROR"
    assert SECRET not in answer.text


async def test_debug_mode_does_not_show_the_stack() -> None:
    app = FastAPI(debug=True)
    wrap(app)

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError(SECRET)

    answer = await ask("GET", "/boom", app)

    assert SECRET not in answer.text
    assert answer.json()["code"] == "INTERNAL_ERROR"


async def test_error_in_a_middleware_is_a_problem() -> None:
    app = service()

    @app.middleware("http")
    async def broken(request: Request, call_next: Any) -> Response:
        raise RuntimeError(SECRET)

    answer = await ask("GET", "/teapot", app)

    assert answer.json()["code"] == "INTERNAL_ERROR"
    assert answer.headers["x-request-id"]


async def test_starlette_application_gets_the_same_answers() -> None:
    def refuse(request: Request) -> Response:
        raise Problem(409, "STALE_REVISION")

    def boom(request: Request) -> Response:
        raise RuntimeError(SECRET)

    app = Starlette(routes=[Route("/refuse", refuse), Route("/boom", boom)])
    wrap(app)

    assert (await ask("GET", "/refuse", app)).json()["code"] == "STALE_REVISION"
    assert (await ask("GET", "/boom", app)).json()["code"] == "INTERNAL_ERROR"
    assert (await ask("GET", "/nothing", app)).json()["code"] == "NOT_FOUND"
    assert value(await scrape(app), "http_requests_total", method="GET", route="/boom", status="500") == 1


@pytest.mark.parametrize(("error", "status"), [(RuntimeError(SECRET), 500), (Problem(409, "STALE_REVISION"), 409)])
async def test_plain_asgi_application_gets_the_same_answers(error: Exception, status: int) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    rw = wrap(app)

    answer = await ask("GET", "/", rw)

    assert answer.status_code == status
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text


async def test_application_that_answers_nothing_is_an_error() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return

    assert (await ask("GET", "/", wrap(app))).status_code == 500


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"status": 200, "code": "FINE"}, "not an error"),
        ({"status": 400, "code": "not capitals"}, "capitals"),
        ({"status": 400, "code": "GOOD", "title": "mine"}, "already has a meaning"),
    ],
)
def test_impossible_problem_is_refused_where_it_is_made(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Problem(**arguments)
