"""Serves one request from within, and gets SIGTERM while it runs; there is no server here to handle the signal."""

import asyncio
import os
import signal
import sys
from typing import Any

from roadworthy_runtime import Roadworthy


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Take a moment to answer."""
    assert scope["type"] == "http"
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"finished"})


rw = Roadworthy(app, service="signal-less", logs=False, linger_seconds=0.1)


async def ask(path: str) -> None:
    """Ask and print the answer."""
    seen: dict[str, Any] = {}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        seen.update(message)

    await rw({"type": "http", "method": "GET", "path": path, "headers": [], "root_path": ""}, receive, send)
    said = "draining" if b"draining" in seen["body"] else seen["body"].decode()
    sys.stdout.write(f"{seen['status']} {said}\n")
    sys.stdout.flush()


async def main() -> None:
    """Start, ask, and wait to be ended."""
    started = asyncio.Event()
    messages = asyncio.Queue[dict[str, str]]()
    messages.put_nowait({"type": "lifespan.startup"})

    async def send(message: Any) -> None:
        started.set()

    lifespan = asyncio.create_task(rw({"type": "lifespan"}, messages.get, send))
    await started.wait()
    work = asyncio.create_task(ask("/"))
    await asyncio.sleep(0.1)
    await ask("/health/ready")
    await work
    await lifespan


asyncio.run(main())
