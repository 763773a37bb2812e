"""What all drills of a run share: servers, migrated templates, the copy of the tree; and a fresh stage for each drill."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from roadworthy.engine.drive.cannot_tell import NotStartedError
from roadworthy.engine.drive.redactor import Redactor
from roadworthy.engine.drive.running import LAST_LINES, Running
from roadworthy.engine.drive.traveller import Traveller
from roadworthy.engine.drive.variables import address, made_variables
from roadworthy.model.error import RoadworthyError
from roadworthy.model.subject import Dependency, Subject
from roadworthy.model.trial import Answer
from roadworthy.rig.client import Client
from roadworthy.rig.command import arguments
from roadworthy.rig.dependencies import Server, kinds
from roadworthy.rig.environment import environment
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.ports import LOOPBACK, free_port
from roadworthy.rig.proxy import FaultProxy
from roadworthy.rig.workspace import Workspace, copy_of

MIGRATE_SECONDS = 120.0
PORT_TRIES = 3
PORT_TAKEN = ("address already in use", "EADDRINUSE")


@dataclass(slots=True)
class Stage:
    """A fresh place for one drill: databases of its own behind wires of its own, and the processes started there."""

    road: "Road"
    drill: str
    random: Random
    note: Callable[[Answer], None]
    wires: dict[str, FaultProxy]
    processes: list[Running] = field(default_factory=list)

    def server(self, dependency: Dependency) -> Server:
        """Return the server behind a dependency."""
        return self.road.servers[dependency.kind.value]

    def database(self, dependency: Dependency) -> str:
        """Return the name of a dependency's database on this stage."""
        return f"stage_{self.road.place(dependency)}"

    async def empty_caches(self) -> None:
        """Forget everything in dependencies that are not critical: nothing may rest on them."""
        for dependency in self.road.subject.dependencies:
            if not dependency.critical:
                await self.server(dependency).create_database(self.database(dependency))

    async def start(self, without: str | None = None) -> Running:
        """Start the subject; the variable named `without` stays absent."""
        for _ in range(PORT_TRIES):
            running = await self._start(without)
            if not await self._port_taken(running):
                break
        return running

    async def _start(self, without: str | None) -> Running:
        subject = self.road.subject
        port = free_port()
        variables = dict(self.road.variables)
        for dependency in subject.dependencies:
            url = self.server(dependency).url(self.database(dependency), port=self.wires[dependency.name].port)
            variables[dependency.env] = address(dependency, url, self.road.redactor)
        given = {name: value.replace("{port}", str(port)) for name, value in variables.items() if name != without}
        process_environment = self.road.environment(given)
        process = await self.road.guardian.spawn(
            subject.service.name if without is None else f"{subject.service.name} without {without}",
            arguments(subject.service.start.replace("{port}", str(port))),
            cwd=self.road.workspace.root,
            environment=process_environment,
        )
        client = Client(f"http://{LOOPBACK}:{port}", deadline_seconds=subject.limits.deadline_seconds)
        traveller = Traveller(client, subject, variables, self.random, self.note)
        running = Running(subject, process, client, traveller, process_environment)
        self.processes.append(running)
        return running

    async def _port_taken(self, running: Running) -> bool:
        """Say whether the process ended at once because another program had been quicker."""
        await running.process.wait(0.05)
        return not running.process.running and any(sign in running.output() for sign in PORT_TAKEN)

    async def close(self) -> None:
        """End every process of the stage."""
        for running in self.processes:
            await running.close()


class Road:
    """The servers and templates of one run."""

    workspace: Workspace

    def __init__(self, subject: Subject, root: Path, guardian: Guardian, redactor: Redactor) -> None:
        """Prepare; `open` starts."""
        self.subject = subject
        self.guardian = guardian
        self.redactor = redactor
        self.servers: dict[str, Server] = {}
        self.variables = made_variables(subject, root, redactor)
        self.migration = ""
        self._root = root

    async def open(self) -> None:
        """Copy the tree, start every server, and migrate the templates.

        Raise RoadworthyError when this host cannot provide something, NotStartedError when the migration fails.
        """
        needed = dict.fromkeys(dependency.kind.value for dependency in self.subject.dependencies)
        for kind in needed:
            if kind not in kinds():
                raise RoadworthyError(
                    f"the rig has no server of the kind {kind}: it offers {', '.join(sorted(kinds()))}"
                )
        source = self._root / self.subject.service.root
        copying = asyncio.create_task(asyncio.to_thread(copy_of, source, self.guardian.area / "subject"))
        try:
            for kind in needed:  # one after another: a program cannot be started while its copy is being written
                self.servers[kind] = await kinds()[kind].start(self.guardian)
        finally:
            self.workspace = await copying
        for dependency in self.subject.dependencies:
            await self.servers[dependency.kind.value].create_database(self._template(dependency))
        if self.subject.service.migrate is not None:
            await self._migrate(self.subject.service.migrate)

    def secrets(self) -> dict[str, str]:
        """Return the secrets of the subject's environment by name."""
        made = {each.name for each in self.subject.service.environment if each.random is not None}
        found = {name: value for name, value in self.variables.items() if name in made}
        for dependency in self.subject.dependencies:
            password = urlsplit(self.servers[dependency.kind.value].url(self._template(dependency))).password
            if password:
                found[f"the password of {dependency.name}"] = password
        return found

    def place(self, dependency: Dependency) -> int:
        """Return the number of a dependency."""
        return self.subject.dependencies.index(dependency)

    def environment(self, variables: dict[str, str]) -> dict[str, str]:
        """Return the whole environment of a process of the subject."""
        space = self.workspace
        return environment(self.guardian.area, variables, programs=space.programs, python_path=space.python_path)

    @asynccontextmanager
    async def stage(self, drill: str, random: Random, note: Callable[[Answer], None]) -> AsyncIterator[Stage]:
        """Give a drill its own databases, cloned from the templates, and its own wires."""
        async with AsyncExitStack() as stack:
            wires: dict[str, FaultProxy] = {}
            stage = Stage(self, drill, random, note, wires)
            for dependency in self.subject.dependencies:
                server = self.servers[dependency.kind.value]
                await server.start()
                await server.create_database(stage.database(dependency), self._template(dependency))
                wires[dependency.name] = await stack.enter_async_context(FaultProxy(dependency.name, server.port))
            stack.push_async_callback(stage.close)
            yield stage

    def _template(self, dependency: Dependency) -> str:
        return f"template_{self.place(dependency)}"

    async def _migrate(self, command: str) -> None:
        variables = dict(self.variables)
        for dependency in self.subject.dependencies:
            url = self.servers[dependency.kind.value].url(self._template(dependency))
            variables[dependency.env] = address(dependency, url, self.redactor)
        process = await self.guardian.spawn(
            "migrate", arguments(command), cwd=self.workspace.root, environment=self.environment(variables)
        )
        code = await process.wait(MIGRATE_SECONDS)
        if code == 0:
            return
        await process.kill()
        lines = "\n    ".join([line.text for line in process.lines()][-LAST_LINES:])
        ended = f"ended with exit code {code}" if code is not None else f"did not end within {MIGRATE_SECONDS:g} s"
        raise NotStartedError(f"the migration {ended}:\n    {lines}", theirs=code is not None)
