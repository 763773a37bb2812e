"""The service as operations run it: a process of its own, started by the command of roadworthy.toml."""

import os
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import httpx
from conftest import HEADERS, ROOT, TOKEN
from postgres_server import free_port

START = tomllib.loads((ROOT / "roadworthy.toml").read_text())["service"]["start"]


@dataclass(slots=True)
class ServiceProcess:
    """A running service and a client for it."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    port: int

    def terminate(self) -> int:
        """Ask the service to end and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def run_service(database_url: str, **environment: str) -> Iterator[ServiceProcess]:
    """Start the service; end it whatever happens."""
    port = free_port()
    with (
        TemporaryFile() as log,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=10) as client,
    ):
        process = subprocess.Popen(
            command(port), cwd=ROOT, env=variables(DATABASE_URL=database_url, **environment), stdout=log, stderr=log
        )
        try:
            yield ServiceProcess(process, client, port)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def boot(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start the service with exactly these variables and wait for it to give up."""
    return subprocess.run(
        command(free_port()), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def command(port: int) -> list[str]:
    """Return the start command with the interpreter of the tests."""
    program, *arguments = shlex.split(START.format(port=port))
    return [str(Path(sys.executable).with_name(program)), *arguments]


def variables(**given: str) -> dict[str, str]:
    """Return a minimal environment; a variable given as an empty text stays in it, empty."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "COVERAGE_PROCESS_CONFIG")}
    return kept | {"API_TOKEN": TOKEN} | given
