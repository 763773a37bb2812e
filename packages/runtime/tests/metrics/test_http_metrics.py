"""Requests are counted exactly, and a hostile scan cannot grow the page."""

from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from asking import client, scrape, value, wrap
from roadworthy_runtime.metrics.http_metrics import MAX_SERIES, HttpMetrics


async def test_requests_are_counted_by_method_route_and_status() -> None:
    app = FastAPI()
    wrap(app)
    app.add_api_route("/items/{item}", lambda item: item)

    async with client(app) as asking:
        for item in range(5):
            await asking.get(f"/items/{item}")
        await asking.get("/nothing")

    series = await scrape(app)
    labels = {"method": "GET", "route": "/items/{item}", "status": "200"}
    assert value(series, "http_requests_total", **labels) == 5
    assert value(series, "http_request_duration_seconds_count", **labels) == 5
    assert value(series, "http_request_duration_seconds_bucket", le="+Inf", **labels) == 5
    assert value(series, "http_requests_in_flight") == 0


async def test_hostile_scan_leaves_the_number_of_series_alone() -> None:
    app = FastAPI()
    wrap(app)
    app.add_api_route("/items/{item}", lambda item: item)

    async with client(app) as asking:
        for number in range(300):
            await asking.request(f"M{number}", f"/items/{number}")
            await asking.get(f"/scan/{number}")
            await asking.get(f"/items/{number}")

    found = {labels for name, labels in await scrape(app) if name == "http_requests_total"}
    assert {tuple(sorted(dict(labels).items())) for labels in found} == {
        (("method", "GET"), ("route", "/items/{item}"), ("status", "200")),
        (("method", "GET"), ("route", "unmatched"), ("status", "404")),
        (("method", "OTHER"), ("route", "/items/{item}"), ("status", "405")),
    }


async def test_impossible_status_does_not_become_a_series() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 799, "headers": []})
        await send({"type": "http.response.body"})

    rw = wrap(app)
    async with client(rw) as asking:
        await asking.get("/")

    assert value(await scrape(rw), "http_requests_total", method="GET", route="unmatched", status="OTHER") == 1


def test_series_are_bounded_even_when_the_routes_are_not() -> None:
    metrics = HttpMetrics()

    for number in range(MAX_SERIES + 500):
        metrics.observe("GET", f"/made/up/{number}", 200, 0.01)

    totals = metrics.read(0)[0].samples
    assert len(totals) == MAX_SERIES + 1
    assert sum(sample.value for sample in totals) == MAX_SERIES + 500


async def test_probes_and_scrapes_are_not_counted() -> None:
    app = FastAPI()
    wrap(app)

    async with client(app) as asking:
        for path in ("/health/live", "/health/ready", "/health/startup", "/metrics"):
            await asking.get(path)

    assert not [name for name, _ in await scrape(app) if name == "http_requests_total"]


async def test_request_in_flight_shows() -> None:
    app = FastAPI()
    wrap(app)
    seen: list[float | None] = []

    @app.get("/look")
    async def look() -> dict[str, Any]:
        seen.append(value(await scrape(app), "http_requests_in_flight"))
        return {}

    async with client(app) as asking:
        await asking.get("/look")

    assert seen == [1]


async def test_process_metrics_are_there() -> None:
    app = FastAPI()
    wrap(app)

    series = await scrape(app)

    assert (value(series, "process_cpu_seconds_total") or 0) > 0
    assert (value(series, "process_start_time_seconds") or 0) > 1e9
    assert value(series, "service_info", service="tested") == 1


async def test_application_mounted_inside_another_is_counted_once() -> None:
    inner, outer = FastAPI(), FastAPI()
    wrap(inner)
    wrap(outer)
    inner.add_api_route("/items/{item}", lambda item: item)
    outer.mount("/inner", inner)

    async with client(outer) as asking:
        answer = await asking.get("/inner/items/7", headers={"x-request-id": "caller-id-0001"})

    labels = {"method": "GET", "route": "/inner/items/{item}", "status": "200"}
    assert answer.headers.get_list("x-request-id") == ["caller-id-0001"]
    assert value(await scrape(outer), "http_requests_total", **labels) == 1
    assert not [name for name, _ in await scrape(inner) if name == "http_requests_total"]
