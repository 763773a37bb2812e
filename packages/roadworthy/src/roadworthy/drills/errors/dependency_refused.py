"""A dependency that refuses connections makes the service crash, lie or stay broken.

Databases restart. A service that answers 500, pretends success, calls existing things absent, or has to be restarted
by hand turns every such minute into an incident.

## Steady state
The service is ready and every declared journey works.

## Fault
For each dependency in turn, open connections are closed and new ones are refused, as while a server restarts.

## Passes when
While a critical dependency is lost, every step is answered within `[drive] deadline_seconds`: as declared, where the
service can do without, or with 502, 503 or 504. Never with 500 (the error was not expected), never with another success
or a 4xx (that would be a lie). While a dependency that is not critical is lost, every journey works. Afterwards all
journeys work again in the same process.

## Repair
Catch the driver's connection errors in one place and answer 503 with `Retry-After`. Let the pool check and replace
connections. Treat a lost cache as a miss.
"""

import asyncio
from collections.abc import Sequence

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.subject import Dependency
from roadworthy.model.trial import Prepared, Trial, Tried
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.refuse import Refuse

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.OUTGOING_CALLS,
    since="0.1",
    intervention=Intervention.FAULT,
    needs=Needs(subject=(Need.DEPENDENCY, Need.JOURNEY)),
)
HONEST = frozenset({502, 503, 504})
MARGIN = 2.0


async def drill(trial: Trial) -> None:
    """Refuse each dependency and look at every answer."""
    for dependency in trial.subject.dependencies:
        prepared = await trial.prepare()
        async with trial.fault(Refuse(), on=dependency):
            if dependency.critical:
                await _critical(trial, dependency, prepared)
            else:
                await _expendable(trial, dependency)
        await trial.recovered(f"{dependency.name} accepts again")


async def _critical(trial: Trial, dependency: Dependency, prepared: Sequence[Prepared]) -> None:
    limit = trial.subject.limits.deadline_seconds
    for each in await asyncio.gather(*(each.send(limit * MARGIN) for each in prepared)):
        says = f"{each.step.request} is answered honestly while {dependency.name} refuses"
        if each.answer.status is None and each.answer.seconds >= limit:
            trial.expect_within(says, limit=limit, measured=None, actual=each.answer.says)
            continue
        trial.expect(
            says,
            expected="502, 503 or 504, or the declared answer",
            actual=each.answer.says if _honest(each) else each.wrong,
            holds=_honest(each),
        )


async def _expendable(trial: Trial, dependency: Dependency) -> None:
    for journey in trial.subject.journeys:
        travel = await trial.travel(journey)
        trial.expect(
            f"the journey “{journey.name}” works without {dependency.name}, which is not critical",
            expected="every step as declared",
            actual=travel.says,
            holds=travel.holds,
        )


def _honest(tried: Tried) -> bool:
    return tried.holds or tried.answer.status in HONEST
