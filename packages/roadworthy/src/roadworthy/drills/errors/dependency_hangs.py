"""A dependency that stops answering takes the service with it.

A silent dependency is worse than a dead one: without a bound on every call, requests pile up until nothing answers,
and what has nothing to do with the dependency fails too.

## Steady state
The service is ready and every declared journey works.

## Fault
For each dependency in turn, the wire goes silent: connections stay open, new ones are accepted, and no byte passes.

## Passes when
Every step of every journey is answered within `[drive] deadline_seconds`, with whatever status, by the process that was
running before; and once the wire speaks again, the journeys work without a restart.

## Repair
Give every call over a wire a bound that the client enforces: a connect timeout, a timeout for each query or request, a
timeout for waiting on the pool. A limit that only the server knows (`statement_timeout`) ends nothing when it is silent.

## References
- https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
"""

import asyncio

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.subject import Dependency
from roadworthy.model.trial import Trial
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.black_hole import BlackHole

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.OUTGOING_CALLS,
    since="0.1",
    intervention=Intervention.FAULT,
    needs=Needs(subject=(Need.DEPENDENCY, Need.JOURNEY)),
    smoke=True,
)
MARGIN = 2.0
AT_ONCE = 3


async def drill(trial: Trial) -> None:
    """Silence each dependency and measure how long every step keeps its caller waiting."""
    for dependency in trial.subject.dependencies:
        await _silence(trial, dependency)


async def _silence(trial: Trial, dependency: Dependency) -> None:
    limit = trial.subject.limits.deadline_seconds
    routes = len(await trial.prepare())
    for first in range(0, routes, AT_ONCE):
        # A fresh fault for every few routes: a request that hangs must not take the connection another would hang on.
        prepared = (await trial.prepare())[first : first + AT_ONCE]
        await asyncio.gather(*(trial.travel(journey) for journey in trial.subject.journeys for _ in range(AT_ONCE)))
        async with trial.fault(BlackHole(), on=dependency):
            tried = await asyncio.gather(*(each.send(limit * MARGIN + 0.5) for each in prepared))
        for each in tried:
            ended = each.answer.status is not None or each.answer.seconds < limit
            trial.expect_within(
                f"{each.step.request} is answered while {dependency.name} is silent",
                limit=limit,
                measured=each.answer.seconds if ended else None,
                actual=each.answer.says,
            )
        await trial.recovered(f"{dependency.name} speaks again")
