"""A cache in Redis that the service can do without."""

import logging
import os
from functools import cached_property

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

KEEP_SECONDS = 60
CALL_SECONDS = 0.5
log = logging.getLogger("notes.cache")


class Cache:
    """Texts of notes. A lost cache is a miss."""

    @cached_property
    def redis(self) -> Redis:
        """The client, made when it is first needed."""
        return Redis.from_url(
            os.environ["CACHE_URL"],
            socket_timeout=CALL_SECONDS,
            socket_connect_timeout=CALL_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    async def get(self, number: int) -> str | None:
        """Return a text that is known."""
        try:
            value = await self.redis.get(f"note:{number}")
        except (RedisError, OSError) as problem:
            log.warning("cache lost: %s", type(problem).__name__)
            return None
        return None if value is None else bytes(value).decode()

    async def put(self, number: int, text: str) -> None:
        """Remember a text."""
        try:
            await self.redis.set(f"note:{number}", text, ex=KEEP_SECONDS)
        except (RedisError, OSError) as problem:
            log.warning("cache lost: %s", type(problem).__name__)

    async def forget(self, number: int) -> None:
        """Drop a text that is no longer true."""
        try:
            await self.redis.delete(f"note:{number}")
        except (RedisError, OSError) as problem:
            log.warning("cache lost: %s", type(problem).__name__)
