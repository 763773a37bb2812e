"""One run of a drill, as the drill sees it: all it may ask of the engine, and the only way it can speak."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from typing import Protocol

from roadworthy.model.subject import Dependency, Journey, Step, Subject, Variable

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request. Without `status` there was none, and `problem` says why."""

    request: str
    sent_at: float
    seconds: float
    status: int | None
    text: str = ""
    problem: str = ""

    @property
    def says(self) -> str:
        """The answer in a few words."""
        return f"{self.status} after {self.seconds:.2f} s" if self.status is not None else self.problem

    @property
    def ended_at(self) -> float:
        """The moment it came, or was given up."""
        return self.sent_at + self.seconds


@dataclass(frozen=True, slots=True)
class Tried:
    """One step of a journey and its answer; `wrong` says what about it was not as declared, or is empty."""

    step: Step
    answer: Answer
    wrong: str = ""

    @property
    def holds(self) -> bool:
        """Whether the answer is what the step declares."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class Travel:
    """One run of a journey, up to its end or its first step that went wrong."""

    journey: Journey
    tried: tuple[Tried, ...]

    @property
    def holds(self) -> bool:
        """Whether every step went as declared."""
        return len(self.tried) == len(self.journey.steps) and all(step.holds for step in self.tried)

    @property
    def says(self) -> str:
        """The run in a few words."""
        wrong = next((step for step in self.tried if not step.holds), None)
        if wrong is not None:
            return f"{wrong.step.request}: {wrong.wrong}"
        return f"{len(self.tried)} of {len(self.journey.steps)} steps as declared"


@dataclass(frozen=True, slots=True)
class Extra:
    """What is added to a request beside what its step declares: headers, query parameters, fields of a JSON object.

    A header replaces one of the same name.
    """

    headers: Pairs = ()
    query: Pairs = ()
    fields: Pairs = ()


class Prepared(Protocol):
    """A step whose predecessors have been travelled, so that it can be sent at any later moment."""

    @property
    def step(self) -> Step:
        """What will be sent."""
        ...

    async def send(self, patience_seconds: float, extra: Extra = ...) -> Tried:
        """Send it once and judge its answer."""
        ...


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What became of acknowledged writes: how many are there, which are absent, which could not be asked for."""

    present: int
    absent: tuple[str, ...]
    unclear: tuple[str, ...]


class Load(Protocol):
    """Requests under way, from several callers at once, none of them ever repeated."""

    @property
    def tried(self) -> Sequence[Tried]:
        """Every request that has ended so far."""
        ...

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged so far."""
        ...

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        ...

    async def reach(self, *, answers: int = 0, acknowledged: int = 0, in_flight: int = 0, within: float) -> bool:
        """Wait until so much has happened; False when it does not within that many seconds."""
        ...

    async def read_back(self) -> ReadBack:
        """Ask, past every cache, for each acknowledged write."""
        ...


@dataclass(frozen=True, slots=True)
class Boot:
    """One start of the subject. `code` is None while it runs.

    `ready` says whether it became ready, `steady` whether it then did its work; `wrong` and `status` tell how it did
    not; `shown` names the secrets that its output shows.
    """

    code: int | None
    running: bool
    ready: bool
    steady: bool
    seconds: float
    output: str
    wrong: str = ""
    status: int | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret found: its name, where it turned up, and the line with all secrets removed."""

    name: str
    where: str
    line: str


class Fault(Protocol):
    """Something of `rig/faults` that breaks the wire to a dependency."""

    @property
    def name(self) -> str:
        """The fault in the words of a report."""
        ...


class Wire(Protocol):
    """A wire that is broken, or was."""

    @property
    def affected(self) -> int:
        """How many of the subject's connections the fault has touched so far."""
        ...


class Trial(Protocol):
    """The subject runs, and steady state holds, when a drill receives its trial.

    Moments (`sent_at`, `now`) are seconds on one clock. Everything has a deadline. An intervention that turns out not
    to have bitten makes the whole trial inconclusive, whatever else the drill says.
    """

    @property
    def subject(self) -> Subject:
        """The service under test."""
        ...

    @property
    def random(self) -> Random:
        """The choices of this trial; they follow from the seed."""
        ...

    @property
    def now(self) -> float:
        """The present moment."""
        ...

    def expect(self, says: str, *, expected: str, actual: str, holds: bool) -> None:
        """Record one observation of the present phase: control, disruption or recovery."""
        ...

    def expect_within(self, says: str, *, limit: float, measured: float | None, actual: str) -> None:
        """Record a duration in seconds (None: no end within twice the limit).

        Between once and twice the limit, on a noisy host, or where the control was slow too, it is doubt.
        """
        ...

    def doubt(self, reason: str) -> None:
        """Record what cannot be told, and why."""
        ...

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        ...

    async def ask(self, path: str, *, patience_seconds: float, method: str = ..., extra: Extra = ...) -> Answer:
        """Send one request that is no step of a journey."""
        ...

    async def travel(self, journey: Journey, *, patience_seconds: float | None = None) -> Travel:
        """Run a journey once, as a witness."""
        ...

    async def prepare(self) -> Sequence[Prepared]:
        """Return one step of the journeys for each route (method and path), each ready to be sent."""
        ...

    async def recovered(self, says: str) -> None:
        """Wait for steady state after a disruption, and record whether and when it came back in the same process."""
        ...

    async def ended(self, within: float) -> int | None:
        """Wait for the end of the subject; return its exit code, None when it still runs."""
        ...

    async def restart(self) -> bool:
        """End what is left of the subject, start it again on the same data, and say whether steady state is back."""
        ...

    def fault(self, fault: Fault, on: Dependency) -> AbstractAsyncContextManager[Wire]:
        """Intervene: break the wire to a dependency. It bites when the wire counts what it broke."""
        ...

    def crash(self, dependency: Dependency) -> AbstractAsyncContextManager[None]:
        """Intervene: kill a dependency with all it holds in memory; start it again at the end."""
        ...

    async def signal(self, number: int) -> None:
        """Intervene: signal the subject, as its platform does. It bites when the process ends.

        What the process leaves running is killed when it ends, as in a container.
        """
        ...

    def load(self, *, callers: int, writes: bool = ...) -> AbstractAsyncContextManager[Load]:
        """Intervene: let callers travel all journeys, or only those that read a write back, without pause.

        It bites when requests are answered.
        """
        ...

    async def exercise(self, journey: Journey) -> Travel:
        """Intervene: run a journey for its own sake. It bites when the subject answers."""
        ...

    async def boot_without(self, variable: Variable) -> Boot:
        """Intervene: start a second subject that lacks one variable. It bites when it really ran without it."""
        ...

    def canary(self, place: str) -> str:
        """Intervene: make up a secret to be put in a place. It bites when an answered request carried it."""
        ...

    async def leaks(self) -> Sequence[Leak]:
        """Search all the subject wrote and showed for canaries and for the secrets of its environment."""
        ...
