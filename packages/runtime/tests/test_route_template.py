"""The route label is the template, whatever routed the request."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route
from starlette.staticfiles import StaticFiles

from asking import client, scrape, wrap


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


def fastapi_app() -> FastAPI:
    app = FastAPI()
    app.add_api_route("/items/{item}", lambda item: item)
    inner = APIRouter(prefix="/inner")
    inner.add_api_route("/{thing}", lambda thing: thing, methods=["GET"])
    inner.add_route("/plain/{thing}", answer)
    inner.mount("/files", StaticFiles(directory="/"))
    inner.mount("/below", Starlette(routes=[Route("/things/{thing}", answer)]))
    outer = APIRouter(prefix="/outer")
    outer.include_router(inner)
    app.include_router(outer, prefix="/v1")
    app.include_router(inner, prefix="/v2")
    mounted = FastAPI()
    mounted.add_api_route("/things/{thing}", lambda thing: thing)
    mounted.include_router(inner, prefix="/v3")
    app.mount("/mounted", mounted)
    app.add_route("/twice/first/{thing}", answer)
    app.add_route("/twice/second/{thing}", answer)
    return app


def starlette_app() -> Starlette:
    below = Starlette(routes=[Route("/things/{thing}", answer), Route("/", answer)])
    numbered = Mount("/numbered/{number:int}", app=below)
    return Starlette(
        routes=[
            Route("/items/{item:int}", answer),
            Mount("/tenants/{tenant}", app=below),
            Mount("/deep", routes=[Mount("/deeper", app=below), numbered]),
            Mount("/files", app=StaticFiles(directory="/")),
            Host("other.example", app=below),
        ]
    )


@pytest.mark.parametrize(
    ("build", "path", "route"),
    [
        (fastapi_app, "/items/7", "/items/{item}"),
        (fastapi_app, "/v1/outer/inner/7", "/v1/outer/inner/{thing}"),
        (fastapi_app, "/v2/inner/7", "/v2/inner/{thing}"),
        (fastapi_app, "/v2/plain/7", "/v2/plain/{thing}"),
        (fastapi_app, "/v2/files/no-such-file", "/v2/files/{path}"),
        (fastapi_app, "/v2/below/things/7", "/v2/below/things/{thing}"),
        (fastapi_app, "/mounted/things/7", "/mounted/things/{thing}"),
        (fastapi_app, "/mounted/v3/inner/7", "/mounted/v3/inner/{thing}"),
        (fastapi_app, "/openapi.json", "/openapi.json"),
        (fastapi_app, "/twice/second/7", "/twice/second/{thing}"),
        (fastapi_app, "/nothing/here", "unmatched"),
        (fastapi_app, "/v1/outer/inner", "unmatched"),
        (starlette_app, "/items/7", "/items/{item}"),
        (starlette_app, "/items/seven", "unmatched"),
        (starlette_app, "/tenants/acme/things/7", "/tenants/{tenant}/things/{thing}"),
        (starlette_app, "/tenants/acme/", "/tenants/{tenant}/"),
        (starlette_app, "/deep/deeper/things/7", "/deep/deeper/things/{thing}"),
        (starlette_app, "/deep/numbered/7/things/7", "/deep/numbered/{number}/things/{thing}"),
        (starlette_app, "/deep/numbered/007/things/7", "/{mount}/things/{thing}"),
        (starlette_app, "/files/no-such-file", "/files/{path}"),
        (starlette_app, "/tenants/acme/nothing", "/tenants/{tenant}/{path}"),
    ],
)
async def test_route_label_is_the_template(build: Callable[[], Any], path: str, route: str) -> None:
    app = build()
    wrap(app)

    async with client(app) as asking:
        await asking.get(path)

    assert {dict(labels)["route"] for name, labels in await scrape(app) if name == "http_requests_total"} == {route}


async def test_host_routed_request_gets_the_template() -> None:
    app = starlette_app()
    wrap(app)

    async with client(app) as asking:
        await asking.get("/things/7", headers={"host": "other.example"})

    assert {dict(labels)["route"] for name, labels in await scrape(app) if name == "http_requests_total"} == {
        "/things/{thing}"
    }


async def test_router_that_notes_only_the_endpoint_gets_the_template() -> None:
    """Starlette before 1.0 left no route in the scope."""
    inner = starlette_app()

    async def forgetful(scope: Any, receive: Any, send: Any) -> None:
        await inner(scope, receive, send)
        scope.pop("route", None)

    rw = wrap(forgetful)

    async with client(rw) as asking:
        await asking.get("/items/7")

    assert {dict(labels)["route"] for name, labels in await scrape(rw) if name == "http_requests_total"} == {
        "/items/{item}"
    }
