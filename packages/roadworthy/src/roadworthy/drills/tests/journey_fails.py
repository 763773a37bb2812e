"""A journey the service declares does not work.

A journey is the least the service is for. When it fails while nothing is broken, every other answer is worthless.

## Steady state
The service is started from a clean copy of its tree, on migrated and otherwise empty stores.

## Fault
None: the journeys themselves are driven, several times one after another and then at the same time.

## Passes when
Every step of every journey is answered as `roadworthy.toml` declares: status, content, captures.

## Repair
Read the step that went wrong and the service's own log beside it. Either the service is broken, or the journey says
something that was never true: put right the one that is wrong.
"""

import asyncio

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.trial import Trial
from roadworthy.model.words import Family, Severity

RULE = DrillRule(
    severity=Severity.DANGEROUS,
    family=Family.TESTS,
    since="0.1",
    intervention=Intervention.JOURNEY,
    needs=Needs(subject=(Need.JOURNEY,)),
    smoke=True,
)
ROUNDS = 2
AT_ONCE = 4


async def drill(trial: Trial) -> None:
    """Drive each journey alone, then several at once."""
    for journey in trial.subject.journeys:
        travels = [await trial.exercise(journey) for _ in range(ROUNDS)]
        travels += await asyncio.gather(*(trial.exercise(journey) for _ in range(AT_ONCE)))
        failed = [travel for travel in travels if not travel.holds]
        trial.expect(
            f"the journey “{journey.name}” works, alone and {AT_ONCE} at a time",
            expected=f"{len(travels)} of {len(travels)} runs as declared",
            actual=f"{len(travels) - len(failed)} of {len(travels)}" + (f"; {failed[0].says}" if failed else ""),
            holds=not failed,
        )
