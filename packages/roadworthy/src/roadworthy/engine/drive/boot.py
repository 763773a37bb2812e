"""One start of the subject beside the running one, to see what it does without something."""

import time
from collections.abc import Mapping

from roadworthy.engine.drive.cannot_tell import NotStartedError
from roadworthy.engine.drive.road import Stage
from roadworthy.engine.drive.running import Steadiness
from roadworthy.engine.drive.search import search
from roadworthy.model.trial import Boot

TIMES_USUAL = 6.0
LEAST_SECONDS = 8.0


async def boot(stage: Stage, without: str | None, usual_seconds: float) -> tuple[Boot, Mapping[str, str]]:
    """Start the subject without one variable; return what became of it, and the environment it was given.

    It has several times the usual time of a start, and at most `[drive] start_seconds`.
    """
    limit = min(stage.road.subject.limits.start_seconds, max(LEAST_SECONDS, TIMES_USUAL * usual_seconds))
    running = await stage.start(without)
    ready = False
    try:
        await running.up(limit)
        ready = True
        seen = await running.steady()
    except NotStartedError as problem:
        seen = Steadiness(str(problem))
    process = running.process
    seconds = (process.ended or time.monotonic()) - process.started
    alive = process.running
    if alive:
        await process.stop(0.5)
    redactor = stage.road.redactor
    shown = dict.fromkeys(leak.name for leak in search([("", running.output())], stage.road.secrets(), redactor))
    found = Boot(
        code=None if alive else process.returncode,
        running=alive,
        ready=ready,
        steady=alive and not seen.wrong,
        seconds=seconds,
        output=redactor.clean(running.output()),
        wrong=seen.wrong,
        status=seen.status,
        shown=tuple(shown),
    )
    return found, running.environment
