"""A write that was acknowledged is gone after a crash.

The caller was told it is safe and will never send it again. No log tells what is missing.

## Steady state
The service is ready and every declared journey works.

## Fault
Several callers write without pause, each write with content of its own. Then, one after another: the process is killed
(SIGKILL), twice; the connections to each store are reset; each store is killed and started again.

## Passes when
Every acknowledged write can be read back afterwards, past every cache. A write that was stored but not acknowledged is
no fault, nor is one that was refused.

## Repair
Answer after the commit, never before it: no background task, no queue in memory, no `synchronous_commit = off` between
the write and its acknowledgement. Do not turn a failed commit into a success.
"""

import signal
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.subject import Dependency
from roadworthy.model.trial import Load, Trial
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.latency import Latency
from roadworthy.rig.faults.reset import Reset

RULE = DrillRule(
    severity=Severity.DANGEROUS,
    family=Family.STORE,
    since="0.1",
    intervention=Intervention.SIGNAL,
    needs=Needs(subject=(Need.ACKNOWLEDGED_WRITE,)),
)
CALLERS = 8
KILLS = 2
ACKNOWLEDGED = 16
FLOW_SECONDS = 20.0
SLOWED_SECONDS = 0.05
LONGEST_PAUSE = 0.3
BROKEN_SECONDS = 0.5
SHOWN = 5


async def drill(trial: Trial) -> None:
    """Write, break, and look for what was acknowledged."""
    stores = [each for each in trial.subject.dependencies if each.kind.stores and each.critical]
    for number in range(1, KILLS + 1):
        load = await _kill(trial, next(iter(stores), None))
        await _look(trial, load, f"after the process was killed ({number} of {KILLS})")
    for store in stores:
        load = await _break(trial, trial.fault(Reset(), on=store))
        await _look(trial, load, f"after the connections to {store.name} were reset")
        load = await _break(trial, trial.crash(store))
        await _look(trial, load, f"after {store.name} was killed")


async def _kill(trial: Trial, store: Dependency | None) -> Load:
    async with trial.load(callers=CALLERS, writes=True) as load, AsyncExitStack() as slowed:
        await load.reach(acknowledged=ACKNOWLEDGED, within=FLOW_SECONDS)
        if store is not None:
            await slowed.enter_async_context(trial.fault(Latency(SLOWED_SECONDS), on=store))
        await load.reach(acknowledged=load.acknowledged + CALLERS, within=FLOW_SECONDS)
        await trial.pause(trial.random.uniform(0, LONGEST_PAUSE))
        await trial.signal(signal.SIGKILL)
        await trial.ended(within=trial.subject.limits.stop_seconds)
    return load


async def _break(trial: Trial, broken: AbstractAsyncContextManager[object]) -> Load:
    async with trial.load(callers=CALLERS, writes=True) as load:
        await load.reach(acknowledged=ACKNOWLEDGED, within=FLOW_SECONDS)
        await trial.pause(trial.random.uniform(0, LONGEST_PAUSE))
        async with broken:
            await trial.pause(BROKEN_SECONDS)
        await trial.pause(BROKEN_SECONDS)
    return load


async def _look(trial: Trial, load: Load, when: str) -> None:
    if not await trial.restart():
        trial.doubt(f"what was kept {when}: the service does not work again")
        return
    found = await load.read_back()
    total = found.present + len(found.absent) + len(found.unclear)
    if found.unclear:
        trial.doubt(f"what became of {len(found.unclear)} of {total} acknowledged writes {when}: {found.unclear[0]}")
    trial.expect(
        f"every acknowledged write is there {when}",
        expected=f"{total} of {total}",
        actual=f"{found.present} of {total}" + (f"; absent: {', '.join(found.absent[:SHOWN])}" if found.absent else ""),
        holds=not found.absent,
    )
