"""What the runtime costs a request, measured against the bare application in the same run; printed, never judged."""

import asyncio
import logging
import os
import statistics
import sys
import time
from typing import Any

import pytest
from fastapi import FastAPI

from roadworthy_runtime import Roadworthy
from roadworthy_runtime.logs.sink import Sink

REQUESTS = 300
ROUNDS = 9
HEADERS = [(b"host", b"localhost"), (b"user-agent", b"measure"), (b"accept", b"application/json")]


def service() -> FastAPI:
    app = FastAPI()

    @app.get("/hello")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return app


async def seconds_per_request(app: Any) -> float:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200

    began = time.process_time()
    for _ in range(REQUESTS):
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/hello",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": list(HEADERS),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }
        await asyncio.create_task(app(scope, receive, send))
    return (time.process_time() - began) / REQUESTS


async def test_cost_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    monkeypatch.setattr("roadworthy_runtime.access_line.SINK", Sink(nowhere))
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        bare, full = service(), service()
        Roadworthy(full, service="measured")
        for app in (bare, full):
            await seconds_per_request(app)

        rounds = [(await seconds_per_request(bare), await seconds_per_request(full)) for _ in range(ROUNDS)]

    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        os.close(nowhere)

    ratio = statistics.median(with_runtime / without for without, with_runtime in rounds)
    added = statistics.median(with_runtime - without for without, with_runtime in rounds)
    with capsys.disabled():
        sys.stdout.write(f"\n[cost: {ratio:.2f} times the bare application, {added * 1e6:+.1f} µs CPU a request]\n")
    assert ratio > 0
