"""The kinds of dependency the rig can start for real: one file per kind.

A kind's file is a module with `KIND`, `HOW_TO_GET`, `find` and `start`, as `Kind` says; `kinds()` finds it by its
place in this folder. A started server is a `Server`: shared by all drills, with a fresh database for each.
"""

import importlib
import pkgutil
from typing import Protocol, cast

from roadworthy.rig.guardian import Guardian
from roadworthy.rig.process import Process
from roadworthy.rig.programs import Program


class Server(Protocol):
    """A real server on a loopback port."""

    @property
    def kind(self) -> str:
        """The kind it is of."""
        ...

    @property
    def port(self) -> int:
        """The port it listens on; it stays the same over restarts."""
        ...

    @property
    def program(self) -> Program:
        """The program it runs."""
        ...

    @property
    def process(self) -> Process:
        """The process at this moment; another one after a restart."""
        ...

    async def create_database(self, name: str, template: str | None = None) -> None:
        """Make an empty database, or a copy of another one; raise RoadworthyError when it cannot be made."""
        ...

    def url(self, database: str, *, port: int | None = None) -> str:
        """Return the address of a database, directly or through a proxy's port, credentials included."""
        ...

    async def fingerprint(self, database: str) -> str:
        """Return a digest of the content: equal as long as nothing was written that differs."""
        ...

    async def search(self, database: str, text: str) -> tuple[str, ...]:
        """Return the places that hold the text, binary columns and values included."""
        ...

    async def kill(self) -> None:
        """Kill it and its children, as a power cut does."""
        ...

    async def start(self) -> None:
        """Start it again on the same port and data, and wait until it answers."""
        ...

    async def stop(self) -> None:
        """Stop it in good order."""
        ...


class Kind(Protocol):
    """What a kind's module offers."""

    KIND: str
    HOW_TO_GET: str

    def find(self) -> list[Program]:
        """Return the programs this host has, the preferred one first."""
        ...

    async def start(self, guardian: Guardian, *, version: int | None = None) -> Server:
        """Start a server, of this major version where the host has it; raise RoadworthyError when it does not come."""
        ...


def kinds() -> dict[str, Kind]:
    """Return the kinds by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.KIND: cast(Kind, module) for module in modules}
