"""Ends a run at the first connection to an address outside this host: nothing real may be touched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.egress import EgressWatch, Foreign
from roadworthy.rig.guardian import Guardian

NAME_LOOKUP = 53


@asynccontextmanager
async def no_way_out(guardian: Guardian) -> AsyncIterator[None]:
    """Watch everything below the guardian while inside.

    When one of its processes reaches for a foreign address, other than to look up a name, the body is interrupted:
    raise RoadworthyError, naming who reached for what.
    """
    body = asyncio.current_task()
    async with EgressWatch(guardian.pid) as watch:

        async def interrupt() -> None:
            while not _escapes(watch):
                await watch.seen.wait()
                watch.seen.clear()
            if body is not None:
                body.cancel()

        watching = asyncio.create_task(interrupt())
        try:
            yield
        except asyncio.CancelledError as error:
            if not _escapes(watch) or body is None or body.uncancel() > 0:
                raise
            raise RoadworthyError(
                f"the run was ended because the service reached for something real: {_escapes(watch)[0]}; "
                "declare it as a [[dependency]], or set the variable that leads there"
            ) from error
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


def _escapes(watch: EgressWatch) -> list[Foreign]:
    return [each for each in watch.foreign if each.port != NAME_LOOKUP]
