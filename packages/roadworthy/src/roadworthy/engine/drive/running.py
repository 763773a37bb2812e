"""One process of the subject, from its start until it works."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from roadworthy.engine.drive.cannot_tell import CannotTellError, NotStartedError
from roadworthy.engine.drive.traveller import Traveller
from roadworthy.model.subject import Subject
from roadworthy.rig.client import Client
from roadworthy.rig.process import Process

LOOK_SECONDS = 0.04
PROBE_SECONDS = 2.0
GREEN_BELOW = 400
LAST_LINES = 12
NOT_FOUND = (126, 127)
NOT_INSTALLED = ("ModuleNotFoundError", "Cannot find module", "No module named", "command not found")


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What one look at steady state showed: what is wrong (or nothing), the slowest answer, the status that was wrong."""

    wrong: str
    slowest_seconds: float = 0.0
    status: int | None = None


@dataclass(slots=True)
class Running:
    """A started subject. `environment` is exactly what the process was given."""

    subject: Subject
    process: Process
    client: Client
    traveller: Traveller
    environment: Mapping[str, str]

    async def green(self) -> bool:
        """Ask once whether it is ready: the ready probe, else startup, else live, else any answer at all."""
        probes = self.subject.probes
        path = probes.ready or probes.startup or probes.live
        record = await self.client.get(path or "/", deadline_seconds=PROBE_SECONDS)
        return record.status is not None and (path is None or record.status < GREEN_BELOW)

    async def up(self, within_seconds: float) -> float:
        """Wait until it is ready; return the seconds it took, raise NotStartedError with its last words."""
        while self.process.running and time.monotonic() - self.process.started < within_seconds:
            if await self.green():
                return time.monotonic() - self.process.started
            await asyncio.sleep(LOOK_SECONDS)
        if self.process.running:
            raise NotStartedError(f"not ready {within_seconds:.0f} s after its start{self.last_words()}", theirs=False)
        code = self.process.returncode
        installed = not any(sign in self.output() for sign in NOT_INSTALLED) and code not in NOT_FOUND
        raise NotStartedError(f"it ended with exit code {code}{self.last_words()}", theirs=installed)

    async def steady(self) -> Steadiness:
        """Ask for steady state once."""
        if not await self.green():
            return Steadiness("it is not ready")
        try:
            await self.traveller.sign_in()
        except CannotTellError as problem:
            return Steadiness(str(problem))
        slowest = 0.0
        for journey in self.subject.journeys:
            travel = await self.traveller.travel(journey, self.subject.limits.deadline_seconds)
            slowest = max([slowest, *(tried.answer.seconds for tried in travel.tried)])
            if not travel.holds:
                wrong = f"the journey “{journey.name}” fails: {travel.says}"
                return Steadiness(wrong, slowest, travel.tried[-1].answer.status)
        return Steadiness("", slowest)

    def output(self) -> str:
        """Return all it wrote."""
        return "\n".join(line.text for line in self.process.lines())

    def last_words(self) -> str:
        """Return the end of its output, as a message may carry it."""
        lines = [line.text for line in self.process.lines() if line.text.strip()][-LAST_LINES:]
        return "; its last words:\n    " + "\n    ".join(lines) if lines else "; it wrote nothing"

    async def close(self) -> None:
        """End the process and every connection to it."""
        await self.process.kill()
        await self.client.__aexit__(None, None, None)
