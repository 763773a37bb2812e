"""What the probes answer: alive, ready, started. Answers come from memory; no probe ever waits for a dependency."""

import asyncio
from collections.abc import Sequence

from roadworthy_runtime.health.checker import Checker, State
from roadworthy_runtime.health.dependency_check import DependencyCheck
from roadworthy_runtime.metrics.family import Reading, Sample, reading

Answer = tuple[int, dict[str, object]]


class Health:
    """The state of the service as its platform sees it."""

    def __init__(self, checks: Sequence[DependencyCheck]) -> None:
        self.checkers = [Checker(check) for check in checks]
        self.started = False
        self.draining = False

    def start(self) -> None:
        """The service has started: begin to watch its dependencies."""
        self.started = True
        self.draining = False
        for checker in self.checkers:
            checker.start(self._lost)

    def _lost(self) -> None:
        """A check ended unasked, because its event loop did: the next start begins anew."""
        self.started = False

    async def stop(self) -> None:
        """Stop watching, because what the probes use is about to be closed."""
        await asyncio.gather(*(checker.stop() for checker in self.checkers))
        self.started = False

    @property
    def ready(self) -> bool:
        """Whether new work may be sent here."""
        critical_up = all(each.state is State.UP for each in self.checkers if each.check.critical)
        return self.started and not self.draining and critical_up

    def live(self) -> Answer:
        """The process answers: restarting it would mend nothing that a dependency broke."""
        return 200, {"status": "alive"}

    def readiness(self) -> Answer:
        """Whether to send work here, and which dependency says no; states only, never an error's text."""
        ready = self.ready
        if self.draining:
            status = "draining"
        elif not self.started:
            status = "starting"
        else:
            status = "ready" if ready else "not ready"
        checks = {each.check.name: each.state.value for each in self.checkers}
        return (200 if ready else 503), {"status": status, "checks": checks}

    def startup(self) -> Answer:
        """Whether the start is over; it does not wait for dependencies, so that their absence restarts nobody."""
        return (200, {"status": "started"}) if self.started else (503, {"status": "starting"})

    def read(self) -> list[Reading]:
        """The dependency metrics at this moment."""
        up: list[Sample] = []
        finished: list[Sample] = []
        for each in self.checkers:
            labels = (("dependency", each.check.name),)
            up.append(Sample("", labels, 1.0 if each.state is State.UP else 0.0))
            finished += [Sample("", (*labels, ("outcome", name)), count) for name, count in each.outcomes.items()]
        return [
            reading("dependency_up", up),
            reading("dependency_checks_total", finished),
            reading("service_ready", [Sample("", (), 1.0 if self.ready else 0.0)]),
        ]
