"""What one trial has said so far: phases, episodes, observations and doubts, each also in the journal."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from roadworthy.engine.drive.episode import Episode, Intervened
from roadworthy.engine.drive.journal import Journal
from roadworthy.engine.drive.timing import Timing, Verdict
from roadworthy.model.event import EventKind
from roadworthy.model.result import Observation
from roadworthy.model.trial import Answer
from roadworthy.rig.delay import HostDelay

REQUESTS_NOTED = 400


class Phase(StrEnum):
    """Where a trial is."""

    CONTROL = "control"
    DISRUPTION = "disruption"
    RECOVERY = "recovery"


@dataclass(slots=True)
class Record:
    """The words of one trial."""

    drill: str
    journal: Journal
    delay: HostDelay
    phase: Phase = Phase.CONTROL
    control_seconds: float = 0.0
    control: list[Observation] = field(default_factory=list)
    returned: list[Observation] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    requests: int = 0

    def note(self, kind: EventKind, says: str, *, took_seconds: float | None = None, holds: bool | None = None) -> None:
        """Write an event of this drill."""
        self.journal.note(kind, says, drill=self.drill, phase=self.phase, took_seconds=took_seconds, holds=holds)

    def note_request(self, answer: Answer) -> None:
        """Write a request, as long as there are not too many of them."""
        self.requests += 1
        if self.requests <= REQUESTS_NOTED:
            says = f"{answer.request} → {answer.status if answer.status is not None else answer.problem}"
            self.journal.note(
                EventKind.REQUEST,
                says,
                drill=self.drill,
                phase=self.phase,
                at=answer.sent_at,
                took_seconds=answer.seconds,
                holds=answer.status is not None,
            )
        elif self.requests == REQUESTS_NOTED + 1:
            self.note(EventKind.REQUEST, f"more than {REQUESTS_NOTED} requests: the others are not listed")

    def enter(self, phase: Phase, says: str) -> None:
        """Begin a phase."""
        self.phase = phase
        self.note(EventKind.PHASE, says)

    def begin(self, intervention: Intervened) -> None:
        """Take note of an intervention; the first one after a settled state begins an episode."""
        if not self.episodes or self.episodes[-1].settled:
            self.episodes.append(Episode())
        self.episodes[-1].interventions.append(intervention)
        self.episodes[-1].begun.append(self._now())
        if self.phase is not Phase.DISRUPTION:
            self.enter(Phase.DISRUPTION, "disruption")
        self.note(EventKind.INTERVENTION, intervention.name)

    def settle(self) -> None:
        """End the episode: what comes next is another one."""
        if self.episodes:
            self.episodes[-1].settled = True

    def observe(self, says: str, *, expected: str, actual: str, holds: bool) -> None:
        """Keep one observation."""
        clean = self.journal.clean
        observation = Observation(clean(says), clean(expected), clean(actual), holds, self.phase.value, self._now())
        kept = self.control if self.phase is Phase.CONTROL or not self.episodes else self.episodes[-1].observations
        kept.append(observation)
        self.note(EventKind.OBSERVATION, f"{says}: {actual}", holds=holds)

    def came_back(self, seconds: float, where: str) -> None:
        """Keep how long the return to steady state took. It is shown and proves nothing: no drill passes by it alone."""
        says, actual = "steady state is back", f"{seconds:.2f} s after the drill, in {where}"
        at = self._now()
        self.returned.append(Observation(says, "yes", actual, True, Phase.RECOVERY.value, at))
        self.note(EventKind.OBSERVATION, f"{says}: {actual}", holds=True)

    def observe_within(self, says: str, *, limit: float, measured: float | None, actual: str) -> None:
        """Keep a duration, or the doubt about it."""
        timing = Timing(limit, measured, self.delay.worst_seconds, self.control_seconds)
        if timing.verdict is Verdict.UNCLEAR:
            self.doubt(f"whether {says}: {timing.why}")
            return
        self.observe(says, expected=f"within {limit:g} s", actual=actual, holds=timing.verdict is Verdict.HOLDS)

    def doubt(self, reason: str) -> None:
        """Keep a doubt."""
        self.doubts.append(self.journal.clean(reason))
        self.note(EventKind.DOUBT, reason)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All that was measured, in order: the control, for each episode what was disturbed and what was seen, and the
        return to steady state."""
        measured = (each for episode in self.episodes for each in (*self._disturbed(episode), *episode.observations))
        return (*self.control, *measured, *self.returned)

    def _disturbed(self, episode: Episode) -> Iterator[Observation]:
        """Yield what each intervention of an episode has disturbed, as its own counters tell."""
        for at, each in zip(episode.begun, episode.interventions, strict=True):
            says, actual = self.journal.clean(each.name), self.journal.clean(each.says())
            yield Observation(says, "to bite", actual, each.bit() > 0, Phase.DISRUPTION.value, at)

    def _now(self) -> float:
        return round(time.monotonic() - self.journal.started, 4)
