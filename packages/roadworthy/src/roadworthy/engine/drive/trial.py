"""One run of a drill: what the drill asks for is done here, measured, and recorded."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import cast

from roadworthy.engine.drive.boot import boot
from roadworthy.engine.drive.broken_wire import BrokenWire
from roadworthy.engine.drive.canaries import NO_CANARY, Canaries
from roadworthy.engine.drive.cannot_tell import CannotTellError, NotStartedError
from roadworthy.engine.drive.episode import Intervened
from roadworthy.engine.drive.leftovers import kill_leftovers
from roadworthy.engine.drive.load import CallersLoad, NoLoad
from roadworthy.engine.drive.record import Phase, Record
from roadworthy.engine.drive.road import Stage
from roadworthy.engine.drive.running import Running, Steadiness
from roadworthy.model.event import EventKind
from roadworthy.model.subject import Dependency, Journey, Subject, Variable
from roadworthy.model.trial import Answer, Boot, Extra, Fault, Leak, Load, Prepared, Travel
from roadworthy.rig.faults import Applied
from roadworthy.rig.faults import Fault as RigFault
from roadworthy.rig.faults.killed import Killed
from roadworthy.rig.faults.no_op import NoOp
from roadworthy.rig.process import Process
from roadworthy.rig.proxy import FaultProxy

LOOK_SECONDS = 0.1
FLUSH_SECONDS = 0.3
NEVER_SECONDS = 1.0
CONTROL_SECONDS = 5.0
NOTHING_EXTRA = Extra()


class DrivenTrial:
    """The trial of one drill on one stage. With `faults_off`, every intervention is replaced by one that does nothing."""

    def __init__(self, stage: Stage, record: Record, random: Random, *, faults_off: bool) -> None:
        """Prepare; `start` brings the subject up."""
        self.subject: Subject = stage.road.subject
        self.random = random
        self.record = record
        self.running: Running
        self.boot_seconds = 0.0
        self._stage = stage
        self._faults_off = faults_off
        self._canaries = Canaries(stage.road.redactor, random)
        self._signals = 0
        self._watching: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the subject and wait until it is ready; raise NotStartedError when it does not come up."""
        self.running = await self._stage.start()
        self.boot_seconds = await self.running.up(self.subject.limits.start_seconds)
        self.record.note(EventKind.PROCESS, f"ready {self.boot_seconds:.2f} s after its start")

    # Speaking

    @property
    def now(self) -> float:
        """The present moment."""
        return time.monotonic()

    def expect(self, says: str, *, expected: str, actual: str, holds: bool) -> None:
        """Record one observation."""
        self.record.observe(says, expected=expected, actual=actual, holds=holds)

    def expect_within(self, says: str, *, limit: float, measured: float | None, actual: str) -> None:
        """Record a duration."""
        self.record.observe_within(says, limit=limit, measured=measured, actual=actual)

    def doubt(self, reason: str) -> None:
        """Record a doubt."""
        self.record.doubt(reason)

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    # Asking

    async def ask(
        self, path: str, *, patience_seconds: float, method: str = "GET", extra: Extra = NOTHING_EXTRA
    ) -> Answer:
        """Send one request."""
        return await self.running.traveller.ask(method, path, patience_seconds, extra)

    async def travel(self, journey: Journey, *, patience_seconds: float | None = None) -> Travel:
        """Run a journey as a witness."""
        return await self.running.traveller.travel(journey, patience_seconds or self.subject.limits.deadline_seconds)

    async def prepare(self) -> Sequence[Prepared]:
        """Travel everything before the first step of each route."""
        traveller = self.running.traveller
        routes: dict[str, tuple[Journey, int]] = {}
        for journey in self.subject.journeys:
            for index, step in enumerate(journey.steps):
                routes.setdefault(step.request, (journey, index))
        return await asyncio.gather(*(traveller.prepare(journey, index) for journey, index in routes.values()))

    async def recovered(self, says: str) -> None:
        """Wait for steady state in the same process."""
        self.record.enter(Phase.RECOVERY, "recovery")
        limit = self.subject.limits.recovery_seconds
        since, wrong = self.now, ""
        while self.running.process.running and self.now - since <= limit:
            wrong = (await self.running.steady()).wrong
            if not wrong:
                break
            await asyncio.sleep(LOOK_SECONDS)
        took = self.now - since
        if not self.running.process.running:
            wrong = f"the process ended with {self.running.process.returncode}{self.running.last_words()}"
        actual = f"still not after {took:.1f} s: {wrong}" if wrong else f"after {took:.2f} s, in the same process"
        expected = f"within {limit:g} s, in the same process"
        self.record.observe(f"steady state is back: {says}", expected=expected, actual=actual, holds=not wrong)
        self.record.settle()
        if wrong:
            raise CannotTellError("steady state did not come back, so nothing further was tried")

    async def close(self) -> None:
        """Stop watching what was signalled."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    async def ended(self, within: float) -> int | None:
        """Wait for the end of the process."""
        code = await self.running.process.wait(within if self._signals else min(within, NEVER_SECONDS))
        says = "still runs" if code is None else f"ended with {code}"
        self.record.note(EventKind.PROCESS, says)
        return code

    async def restart(self) -> bool:
        """Start again on the same data, with empty caches."""
        self.record.enter(Phase.RECOVERY, "recovery")
        await self.running.process.kill()
        await self._stage.empty_caches()
        begun = self.now
        try:
            await self.start()
            wrong = (await self._steady_within(self.subject.limits.recovery_seconds)).wrong
        except NotStartedError as problem:
            wrong = str(problem)
        self.record.note(EventKind.PROCESS, wrong or f"works again {self.now - begun:.2f} s after it was started again")
        self.record.settle()
        return not wrong

    async def control(self) -> None:
        """Measure steady state before anything is done; raise CannotTellError when there is none."""
        steadiness = await self._steady_within(CONTROL_SECONDS)
        wrong, slowest = steadiness.wrong, steadiness.slowest_seconds
        self.record.control_seconds = slowest
        actual = wrong or f"yes, slowest answer {slowest:.3f} s"
        self.record.observe("ready, and every journey works", expected="yes", actual=actual, holds=not wrong)
        if wrong:
            raise CannotTellError(f"there is no steady state to begin with: {wrong}")
        for dependency in self.subject.dependencies:
            if dependency.critical and not self._stage.wires[dependency.name].counters.bytes_up:
                raise CannotTellError(
                    f"the service works without a byte sent to {dependency.name}: is {dependency.env} what it reads?"
                )

    async def come_back(self) -> None:
        """See that steady state is there at the end, with a new process where the drill ended the old one."""
        episodes = self.record.episodes
        if not episodes or episodes[-1].settled:
            return
        begun = self.now
        if not self.running.process.running:
            if not await self.restart():
                raise CannotTellError("whether it recovers: steady state does not come back after a new start")
            self.record.came_back(self.now - begun, "a new process")
            return
        self.record.enter(Phase.RECOVERY, "recovery")
        wrong = (await self._steady_within(self.subject.limits.recovery_seconds)).wrong
        if wrong:
            raise CannotTellError(f"whether it recovers: {wrong}")
        self.record.came_back(self.now - begun, "the same process")

    async def _steady_within(self, seconds: float) -> Steadiness:
        since = self.now
        while True:
            steadiness = await self.running.steady()
            if not steadiness.wrong or self.now - since > seconds or not self.running.process.running:
                return steadiness
            await asyncio.sleep(LOOK_SECONDS)

    # Intervening

    @asynccontextmanager
    async def fault(self, fault: Fault, on: Dependency) -> AsyncIterator[BrokenWire]:
        """Break the wire to a dependency."""
        breaks = NoOp() if self._faults_off else cast("RigFault[FaultProxy]", fault)
        wire = self._stage.wires[on.name]
        broken = BrokenWire(wire, wire.counters)
        async with breaks.applied_to(wire) as applied:
            self._begin(f"{fault.name} on the wire to {on.name}", applied)
            yield broken
            self.record.note(EventKind.MENDED, f"{fault.name} ended; {applied.says()}")

    @asynccontextmanager
    async def crash(self, dependency: Dependency) -> AsyncIterator[None]:
        """Kill a dependency, and start it again."""
        server = self._stage.server(dependency)
        kills: RigFault[Process] = NoOp() if self._faults_off else Killed()
        async with kills.applied_to(server.process) as applied:
            self._begin(f"{dependency.name} killed", applied)
            try:
                yield
            finally:
                await server.start()
                self.record.note(EventKind.MENDED, f"{dependency.name} started again; {applied.says()}")

    async def signal(self, number: int) -> None:
        """Signal the subject."""
        process = self.running.process
        sent = 0 if self._faults_off else await process.signal(number)
        if sent:
            self._signals += sent
            self._watching.append(asyncio.create_task(kill_leftovers(process)))

        def bit() -> int:
            return int(sent > 0 and not process.running)

        def says() -> str:
            return "the process ended" if bit() else "the process did not end by it"

        self.record.begin(Intervened(f"signal {number} to the process", bit, says))

    @asynccontextmanager
    async def load(self, *, callers: int, writes: bool = False) -> AsyncIterator[Load]:
        """Let callers travel."""
        if self._faults_off:
            self.record.begin(Intervened(f"{callers} callers", lambda: 0, lambda: "nobody called"))
            yield NoLoad()
            return
        proofs = self.subject.acknowledged_writes if writes else ()
        paths = [proof.write for proof in proofs] or [journey.steps for journey in self.subject.journeys]
        traveller = self.running.traveller
        load = CallersLoad(traveller, callers, paths, proofs, lambda: self.running.traveller, self._stage.empty_caches)
        says = f"{callers} callers without pause"
        self.record.begin(Intervened(says, lambda: load.answered, lambda: f"{load.answered} requests answered"))
        async with load:
            yield load
        self.record.note(EventKind.MENDED, f"load ended: {load.answered} of {len(load.tried)} requests answered")

    async def exercise(self, journey: Journey) -> Travel:
        """Run a journey for its own sake."""
        travel = Travel(journey, ()) if self._faults_off else await self.travel(journey)
        answered = sum(each.answer.status is not None for each in travel.tried)
        says = f"{answered} requests answered"
        self.record.begin(Intervened(f"journey “{journey.name}”", lambda: answered, lambda: says))
        return travel

    async def boot_without(self, variable: Variable) -> Boot:
        """Start a second subject without a variable."""
        withheld = None if self._faults_off else variable.name
        seen, given = await boot(self._stage, withheld, self.boot_seconds)
        absent = variable.name not in given
        says = f"the process ran {'without' if absent else 'with'} it"
        self.record.begin(Intervened(f"a start without {variable.name}", lambda: int(absent), lambda: says))
        return seen

    def canary(self, place: str) -> str:
        """Make up a secret."""
        self.record.begin(self._canaries.begun(place, lambda: self.running.client.records))
        return NO_CANARY if self._faults_off else self._canaries.plant(place)

    async def leaks(self) -> Sequence[Leak]:
        """Search output, files, metrics and answers."""
        await asyncio.sleep(FLUSH_SECONDS)
        page = self.subject.probes.metrics
        metrics = None
        if page is not None:
            metrics = await self.ask(page, patience_seconds=self.subject.limits.deadline_seconds)
        return self._canaries.leaks(self._stage, self.running.client.records, metrics.text if metrics else "")

    def _begin(self, name: str, applied: Applied) -> None:
        self.record.begin(Intervened(name, applied.bit, applied.says))
