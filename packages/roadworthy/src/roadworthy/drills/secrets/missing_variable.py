"""A missing variable is found by users instead of at the start.

A service that starts without what it needs is rolled out, replaces the version that worked, and fails at the first
request that needs it.

## Steady state
With every variable set, the service starts, becomes ready, and every declared journey works.

## Fault
The service is started once for each variable it is given, with exactly that one absent.

## Passes when
It ends by itself within `[drive] start_seconds`, with an exit code other than 0 and a message that names the variable
and shows no other secret; or it starts and all journeys work, because the variable has a sound default.

## Repair
Read all settings once at start, in one place; name every missing one in one message, without values, and exit.
A secret has no default. Mark a variable the service can do without as `{ random = 32, optional = true }`.
"""

import asyncio
import re

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.subject import Variable
from roadworthy.model.trial import Boot, Trial
from roadworthy.model.words import Family, Severity

RULE = DrillRule(
    severity=Severity.MAJOR,
    family=Family.CONFIGURATION,
    since="0.1",
    intervention=Intervention.VARIABLE,
    needs=Needs(subject=(Need.VARIABLE,)),
)
AT_ONCE = 2
PORT = "{port}"
SHORTEST = 6
SERVER_ERROR = 500
REFUSAL = "an exit code other than 0, and a message that names it"


async def drill(trial: Trial) -> None:
    """Start without each variable in turn."""
    variables = [Variable(dependency.env) for dependency in trial.subject.dependencies]
    variables += [each for each in trial.subject.service.environment if PORT not in (each.value or "")]
    turn = asyncio.Semaphore(AT_ONCE)

    async def boot(variable: Variable) -> tuple[Variable, Boot]:
        async with turn:
            return variable, await trial.boot_without(variable)

    for variable, seen in await asyncio.gather(*map(boot, variables)):
        _judge(trial, variable, seen)


def _judge(trial: Trial, variable: Variable, boot: Boot) -> None:
    says = f"a start without {variable.name} is refused, or works"
    named = names(variable.name, boot.output)
    doubt = "" if boot.steady else _doubt(variable, boot, named=named)
    if boot.steady:
        _judge_default(trial, says, variable, boot)
    elif doubt:
        trial.doubt(f"whether {says}: {doubt}")
    elif boot.running:
        actual = f"still runs after {boot.seconds:.1f} s and does not work: {boot.wrong}"
        trial.expect(says, expected=REFUSAL, actual=actual, holds=False)
    else:
        actual = f"exit code {boot.code} after {boot.seconds:.1f} s, " + ("named" if named else "not named")
        trial.expect(says, expected=REFUSAL, actual=actual, holds=bool(boot.code) and named)
    trial.expect(
        f"what it says without {variable.name} shows no secret",
        expected="none",
        actual="; ".join(boot.shown) or "none",
        holds=not boot.shown,
    )


def _doubt(variable: Variable, boot: Boot, *, named: bool) -> str:
    """Return why it cannot be told that this start is wrong; nothing where it can."""
    plain = variable.value is not None
    if boot.running and not boot.ready and named:
        return "it is named, the service never becomes ready, and the process runs on"
    if boot.running and boot.ready and plain and (boot.status is None or boot.status < SERVER_ERROR):
        return f"it starts with another setting, with which {boot.wrong}"
    if not boot.running and boot.code and plain and not named:
        return "it is refused, and the message names something else"
    return ""


def _judge_default(trial: Trial, says: str, variable: Variable, boot: Boot) -> None:
    if variable.random is None or variable.optional:
        actual = f"works without it, {boot.seconds:.1f} s after the start"
        trial.expect(says, expected="a sound default", actual=actual, holds=True)
    elif uses(trial, variable.name):
        trial.expect(
            says,
            expected="no start without a secret that callers must show",
            actual="it starts, and the journeys that show the secret still work: nobody compares it",
            holds=False,
        )
    else:
        trial.doubt(
            f"whether {variable.name} has a default: it is declared as a secret, and the service works without it; "
            "say optional = true if that is right"
        )


def uses(trial: Trial, name: str) -> bool:
    """Say whether callers show this secret."""
    steps = [*trial.subject.auth.steps, *(step for journey in trial.subject.journeys for step in journey.steps)]
    texts = [value for _, value in trial.subject.auth.headers] + [value for step in steps for _, value in step.headers]
    return any("{" + name + "}" in text for text in texts)


def names(variable: str, output: str) -> bool:
    """Say whether a message names a variable, in any case, with or without the prefix all variables share."""
    shorter = variable.partition("_")[2]
    accepted = [variable, *([shorter] if len(shorter) >= SHORTEST and "_" in shorter else [])]
    return any(re.search(rf"(?<![a-z0-9]){re.escape(each)}(?![a-z0-9])", output, re.IGNORECASE) for each in accepted)
