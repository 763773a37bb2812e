"""Every route of the interface asks for the token, and compares it in constant time."""

import hmac
from collections.abc import Awaitable, Callable

from fastapi import Request
from pydantic import SecretStr
from roadworthy_runtime import Problem


def require_token(token: SecretStr) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency that lets only the holder of the token through."""
    expected = token.get_secret_value().encode()

    async def guard(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        matches = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), expected)
        if scheme.lower() != "bearer" or not matches:
            raise Problem(
                401,
                "UNAUTHENTICATED",
                "Send the header Authorization: Bearer <token>.",
                headers={"WWW-Authenticate": "Bearer"},
            )

    return guard
