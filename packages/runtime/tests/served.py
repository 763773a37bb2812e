"""A service under a real uvicorn, in a process of its own, with everything it prints."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from moments import moments

DEADLINE_SECONDS = 30.0


class Served:
    """The running process, its address, and the lines it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.plain: list[str] = []
        self.port = 0
        self._reader: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def read_line(self) -> bool:
        """Take one line of its output; False at the end."""
        assert self.process.stdout is not None
        raw = await self.process.stdout.readline()
        if not raw:
            return False
        try:
            self.lines.append(json.loads(raw))
        except ValueError:
            self.plain.append(raw.decode(errors="replace"))
            self.lines.append({"message": self.plain[-1], "logger": None})
        return True

    async def wait_for(self, message: str) -> dict[str, Any]:
        """Read until a line with this message has come."""
        seen = 0
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                while seen < len(self.lines):
                    if message in str(self.lines[seen].get("message")):
                        return self.lines[seen]
                    seen += 1
                if not await self.read_line():
                    raise AssertionError(f"{message!r} never came; plain output: {self.plain}")

    def read_on(self) -> None:
        """Read whatever comes from here on, in the background."""

        async def read() -> None:
            while await self.read_line():
                pass

        self._reader = asyncio.create_task(read())

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    async def gone(self, seconds: float = DEADLINE_SECONDS) -> int:
        """Wait for the end of the process without reading what it printed; return the exit code."""
        async for _ in moments(seconds):
            if self.process.returncode is not None:
                break
        assert self.process.returncode is not None
        return self.process.returncode

    async def ended(self, seconds: float = DEADLINE_SECONDS) -> int:
        """Wait for the end and for the last line; return the exit code."""
        if self._reader is None:
            self.read_on()
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
            assert self._reader is not None
            await self._reader
        return code

    def client(self, **options: Any) -> httpx.AsyncClient:
        """A client for it that trusts no proxy variable."""
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=DEADLINE_SECONDS, **options)


@asynccontextmanager
async def serve(application: str = "sample_service:app", /, *arguments: str, **variables: str) -> AsyncIterator[Served]:
    """Start uvicorn with the application, wait until it listens, end it afterwards whatever happened."""
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(Path(__file__).parent))))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, **variables}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", "0", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 20,
        start_new_session=True,
    )
    served = Served(process)
    try:
        line = await served.wait_for("Uvicorn running on")
        served.port = int(line["message"].split("http://127.0.0.1:")[1].split()[0])
        yield served
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await served.ended()
