"""A release drops requests that were under way.

Every rollout, scale-down and node drain ends processes with SIGTERM. A process that does not finish what it accepted
turns each of them into errors for users, and into writes nobody knows the fate of.

## Steady state
The service is ready and every declared journey works.

## Fault
Several callers travel the journeys without pause, never repeating a request, each on a connection of its own; answers
of a store are slowed down a little, so that requests are under way at any moment. Then the process receives SIGTERM.

## Passes when
Every request that was under way when the signal came is answered as declared. What was sent later may be refused. The
exit code is not judged: a process may end itself by the signal it drained for.

## Repair
Run the server so that it receives the signal (`exec` in shell scripts, no shell form of CMD), stops accepting, finishes
what is under way within the grace period, and only then closes its pools.
"""

import signal
from contextlib import AsyncExitStack

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.trial import Load, Trial
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.latency import Latency

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.SOURCE,
    since="0.1",
    intervention=Intervention.SIGNAL,
    needs=Needs(subject=(Need.JOURNEY,)),
)
CALLERS = 6
SLOWED_SECONDS = 0.04
ANSWERS = 12
UNDER_WAY = 3
SETTLED_SECONDS = 0.05
FLOW_SECONDS = 20.0


async def drill(trial: Trial) -> None:
    """End the process under load and look at what was under way."""
    stores = [each for each in trial.subject.dependencies if each.kind.stores]
    async with trial.load(callers=CALLERS) as load, AsyncExitStack() as slowed:
        await load.reach(answers=ANSWERS, within=FLOW_SECONDS)
        for store in stores:
            await slowed.enter_async_context(trial.fault(Latency(SLOWED_SECONDS), on=store))
        slow = trial.now
        await load.reach(answers=len(load.tried) + ANSWERS, within=FLOW_SECONDS)
        await load.reach(in_flight=CALLERS, within=FLOW_SECONDS)
        await trial.pause(SETTLED_SECONDS)
        signalled = trial.now
        await trial.signal(signal.SIGTERM)
        await trial.ended(within=trial.subject.limits.stop_seconds)
    _judge(trial, load, slow, signalled)


def _judge(trial: Trial, load: Load, slow: float, signalled: float) -> None:
    sent = signalled - SETTLED_SECONDS
    under_way = [each for each in load.tried if each.answer.sent_at <= sent and each.answer.ended_at >= signalled]
    if len(under_way) < UNDER_WAY:
        trial.doubt(f"whether requests are dropped: only {len(under_way)} were under way when the signal came")
        return
    before = [each for each in load.tried if slow <= each.answer.ended_at < signalled and not each.holds]
    dropped = [each for each in under_way if not each.holds and each.answer.status is None]
    refused = [each for each in under_way if not each.holds and each.answer.status is not None]
    if before and refused and not dropped:
        trial.doubt(f"whether it was the signal: {len(before)} requests failed before it too; {before[0].wrong}")
        return
    dropped += refused
    trial.expect(
        "every request under way at SIGTERM is answered",
        expected=f"{len(under_way)} of {len(under_way)}",
        actual=f"{len(under_way) - len(dropped)} of {len(under_way)}"
        + (f"; {dropped[0].step.request}: {dropped[0].wrong}" if dropped else ""),
        holds=not dropped,
    )
