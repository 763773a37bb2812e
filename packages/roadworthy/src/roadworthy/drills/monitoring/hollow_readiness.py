"""Readiness is green although the service cannot work.

The platform sends users to every instance that says it is ready. A readiness probe that asks nothing sends them to
instances that can only fail.

## Steady state
The ready probe is green and every declared journey works.

## Fault
For each critical dependency in turn, open connections are closed and new ones are refused.

## Passes when
The ready probe stops being green within `[drive] deadline_seconds` (an answer of 400 or more, or none at all), and is
green again after the dependency is back.

## Repair
Let readiness ask every dependency the service cannot work without, with a short bound, or read the result of a check
that runs in the background. Leave liveness alone: a restart mends no database.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.subject import Dependency
from roadworthy.model.trial import Trial
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.refuse import Refuse

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.PROBES,
    since="0.1",
    intervention=Intervention.FAULT,
    needs=Needs(subject=(Need.READY_PROBE, Need.CRITICAL_DEPENDENCY)),
    smoke=True,
)
MARGIN = 2.0
LOOK_SECONDS = 0.2
PROBE_SECONDS = 2.0
GREEN_BELOW = 400


async def drill(trial: Trial) -> None:
    """Lose each critical dependency and watch the ready probe."""
    for dependency in trial.subject.dependencies:
        if dependency.critical:
            await _lose(trial, dependency, trial.subject.probes.ready or "")


async def _lose(trial: Trial, dependency: Dependency, path: str) -> None:
    limit = trial.subject.limits.deadline_seconds
    async with trial.fault(Refuse(), on=dependency):
        for journey in trial.subject.journeys:
            await trial.travel(journey, patience_seconds=limit)
        lost = trial.now
        seen, red = "", None
        while red is None and trial.now - lost < limit * MARGIN:
            answer = await trial.ask(path, patience_seconds=PROBE_SECONDS)
            seen = answer.says
            if answer.status is None or answer.status >= GREEN_BELOW:
                red = trial.now - lost
            else:
                await trial.pause(LOOK_SECONDS)
        trial.expect_within(
            f"{path} stops being green while {dependency.name} is lost",
            limit=limit,
            measured=red,
            actual=f"{seen}" if red is None else f"{seen}, {red:.2f} s after the loss was met",
        )
    await trial.recovered(f"{path} is green again after {dependency.name} came back")
