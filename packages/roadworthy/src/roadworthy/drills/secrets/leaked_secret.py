"""A secret turns up in logs, files, metrics or error answers.

Logs are copied, shipped, indexed and read by many. A password or token in them is a password or token everybody has,
and nobody knows that it must be changed.

## Steady state
The service is ready and every declared journey works.

## Fault
Every secret of the environment is a value the rig made up. Requests carry more such values where secrets travel: the
Authorization header, a cookie, an API key header, the query string, a password field; with good and bad credentials, in
good and malformed bodies, on known and unknown paths, while everything works and while a critical dependency is lost.

## Passes when
None of these values turns up in what the process writes to its output or to files in its folder, or on the metrics
page; and no value of the environment in any answer.

## Repair
Log the route, never the query string: start uvicorn with `--no-access-log` and log requests yourself. Log the type of
an error, not the values of the statement or the request that caused it. Pass every line through one redactor.
"""

import asyncio
from collections.abc import Sequence

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.trial import Extra, Leak, Prepared, Trial
from roadworthy.model.words import Family, Severity
from roadworthy.rig.faults.refuse import Refuse

RULE = DrillRule(
    severity=Severity.DANGEROUS,
    family=Family.LOGS,
    since="0.1",
    intervention=Intervention.CANARY,
    needs=Needs(subject=(Need.JOURNEY,)),
)
UNKNOWN_PATH = "/no-such-path"
ACCESS_LOG = "HTTP/1."


async def drill(trial: Trial) -> None:
    """Show canaries to the service and look for them."""
    token, cookie, key = trial.canary("the Authorization header"), trial.canary("a cookie"), trial.canary("an API key")
    query = trial.canary("the query string")
    known = Extra((("Cookie", f"session={cookie}"), ("X-API-Key", key)), (("access_token", query),))
    stranger = Extra((*known.headers, ("Authorization", f"Bearer {token}")), known.query)
    fields = (("password", trial.canary("a password field")),) if _sends_objects(trial) else ()
    registering = Extra(known.headers, known.query, fields)
    patience = trial.subject.limits.deadline_seconds
    for extra in (known, stranger, registering):
        await _show(trial, await trial.prepare(), extra)
    await trial.ask(UNKNOWN_PATH, patience_seconds=patience, extra=stranger)
    await trial.ask(UNKNOWN_PATH, patience_seconds=patience, extra=stranger, method="POST")
    for probe in (trial.subject.probes.live, trial.subject.probes.ready):
        if probe is not None:
            await trial.ask(probe, patience_seconds=patience, extra=stranger)
    for dependency in trial.subject.dependencies:
        if dependency.critical:
            prepared = await trial.prepare()
            async with trial.fault(Refuse(), on=dependency):
                await _show(trial, prepared, registering)
            await trial.recovered(f"{dependency.name} accepts again")
    _judge(trial, await trial.leaks())


def _sends_objects(trial: Trial) -> bool:
    return any(isinstance(step.json, dict) for journey in trial.subject.journeys for step in journey.steps)


async def _show(trial: Trial, prepared: Sequence[Prepared], extra: Extra) -> None:
    patience = trial.subject.limits.deadline_seconds
    await asyncio.gather(*(each.send(patience, extra) for each in prepared))


def _judge(trial: Trial, leaks: Sequence[Leak]) -> None:
    for name in dict.fromkeys(leak.name for leak in leaks):
        found = [leak for leak in leaks if leak.name == name]
        trial.expect(
            f"{name} stays secret",
            expected="found nowhere",
            actual=f"found {len(found)} times, first in {found[0].where}: {found[0].line}{_culprit(found[0])}",
            holds=False,
        )
    if not leaks:
        says = "no secret turns up in output, files, metrics or answers"
        trial.expect(says, expected="found nowhere", actual="found nowhere", holds=True)


def _culprit(leak: Leak) -> str:
    return " (an access log that writes query strings)" if ACCESS_LOG in leak.line and "query" in leak.name else ""
