"""A release drops requests that were under way.

Every rollout, scale-down and node drain ends processes with SIGTERM. A process that does not finish what it accepted
turns each of them into errors for users, and into writes nobody knows the fate of.

## Steady state
The service is ready and every declared journey works.

## Fault
Several callers travel the journeys without pause, never repeating a request, each on a connection of its own. The wires
to the stores fall silent for a moment, so that requests are surely under way: once as a control, and once around the
moment at which the process receives SIGTERM.

## Passes when
Every request that was under way when the signal came is answered as declared. What was sent later may be refused. The
exit code is not judged: a process may end itself by the signal it drained for.

## Repair
Run the server so that it receives the signal (`exec` in shell scripts, no shell form of CMD), stops accepting, finishes
what is under way within the grace period, and only then closes its pools.
"""

import signal
from collections.abc import Sequence
from contextlib import nullcontext

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.trial import Load, Trial, Tried
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.black_hole import BlackHole

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.SOURCE,
    since="0.1",
    intervention=Intervention.SIGNAL,
    needs=Needs(subject=(Need.JOURNEY,)),
)
CALLERS = 6
ANSWERS = 12
UNDER_WAY = 3
SETTLED_SECONDS = 0.1
HELD_SECONDS = 0.7
FLOW_SECONDS = 20.0


async def drill(trial: Trial) -> None:
    """End the process under load and look at what was under way."""
    async with trial.load(callers=CALLERS) as load:
        await load.reach(answers=ANSWERS, within=FLOW_SECONDS)
        rehearsed, _ = await _hold(trial)
        await load.reach(answers=len(load.tried) + ANSWERS, within=FLOW_SECONDS)
        signalled, accepted = await _hold(trial, signal.SIGTERM)
        await trial.ended(within=trial.subject.limits.stop_seconds)
    wrong = [each for each in _under_way(load, rehearsed) if not each.holds]
    if wrong:
        trial.doubt(f"whether it was the signal: {wrong[0].step.request} fails without one too; {wrong[0].wrong}")
        return
    _judge(trial, _under_way(load, signalled), accepted)


async def _hold(trial: Trial, number: int | None = None) -> tuple[float, int]:
    """Keep requests under way for a moment, with or without a signal in it.

    Return that moment, and how many requests had surely been accepted: each holds a connection to the store.
    """
    store = next((each for each in trial.subject.dependencies if each.kind.stores and each.critical), None)
    async with trial.fault(BlackHole(), on=store) if store is not None else nullcontext() as wire:
        await trial.pause(SETTLED_SECONDS)
        moment, accepted = trial.now, wire.affected if wire is not None else 0
        if number is not None:
            await trial.signal(number)
        await trial.pause(HELD_SECONDS)
    return moment, accepted


def _under_way(load: Load, moment: float) -> list[Tried]:
    sent = moment - SETTLED_SECONDS / 2
    return [each for each in load.tried if each.answer.sent_at <= sent and each.answer.ended_at >= moment]


def _judge(trial: Trial, under_way: Sequence[Tried], accepted: int) -> None:
    if len(under_way) < UNDER_WAY:
        trial.doubt(f"whether requests are dropped: only {len(under_way)} were under way when the signal came")
        return
    dropped = [each for each in under_way if not each.holds]
    answered = len(under_way) - len(dropped)
    if dropped and answered >= max(accepted, len(under_way) / 2):
        trial.doubt(
            f"whether {len(dropped)} of {len(under_way)} requests were dropped or had never been accepted: {dropped[0].wrong}"
        )
        return
    trial.expect(
        "every request under way at SIGTERM is answered",
        expected=f"{len(under_way)} of {len(under_way)}",
        actual=f"{answered} of {len(under_way)}"
        + (f"; {dropped[0].step.request}: {dropped[0].wrong}" if dropped else ""),
        holds=not dropped,
    )
