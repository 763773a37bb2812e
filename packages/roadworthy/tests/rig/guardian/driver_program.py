"""A driver that starts what a road test starts, tells how far it is, and then waits to be ended."""

import asyncio
import json
import sys
from pathlib import Path

from roadworthy.rig.dependencies import postgres, redis
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.proxy import FaultProxy

sys.path.insert(0, str(Path(__file__).parents[2]))
from rig.programs_under_test import ENVIRONMENT, ESCAPE, python


def tell(**said: object) -> None:
    """Say one thing to the test."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def drive() -> None:
    """Start everything and wait."""
    async with Guardian(deadline_seconds=120, grace_seconds=1.0) as guardian:
        tell(area=str(guardian.area))
        environment = ENVIRONMENT | {"TMPDIR": str(guardian.area)}
        escape = await guardian.spawn("escape", python(ESCAPE), environment=environment)
        tell(pids=[escape.pid])
        cache = await redis.start(guardian)
        tell(ports=[cache.port])
        database = await postgres.start(guardian)
        tell(ports=[database.port])
        async with FaultProxy("postgres", database.port) as proxy:
            await database.create_database("subject")
            tell(ready=True, ports=[cache.port, database.port, proxy.port])
            await asyncio.sleep(600)


asyncio.run(drive())
