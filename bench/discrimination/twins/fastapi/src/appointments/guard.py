"""Who may call, and how often."""

import hmac
import logging
from functools import cache
from typing import Annotated

from fastapi import Depends, HTTPException, Request, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from appointments.settings import settings

log = logging.getLogger(__name__)
bearer = HTTPBearer(auto_error=False)


@cache
def redis() -> Redis:
    """Return the client of this process; every wait is bounded."""
    return Redis.from_url(
        settings().redis_url.get_secret_value(), socket_connect_timeout=0.5, socket_timeout=0.5, max_connections=20
    )


async def authenticated(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    """Return who calls; refuse everyone without the token."""
    expected = settings().api_token.get_secret_value().encode()
    if credentials is None or not hmac.compare_digest(credentials.credentials.encode(), expected):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "a valid bearer token is needed")
    return "reception"


async def within_limit(request: Request) -> None:
    """Refuse a client that asks too often: counted for all replicas together, open while Redis is away."""
    address = request.client.host if request.client else "unknown"
    key = f"appointments:limit:{address}"
    try:
        async with redis().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, 60, nx=True)
            count, _ = await pipe.execute()
    except RedisError:
        log.warning("the rate limit is open: Redis does not answer")
        return
    if count > settings().rate_limit_per_minute:
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "too many requests", {"Retry-After": "60"})
