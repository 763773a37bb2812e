"""Whose requests are counted together."""

from django.http import HttpRequest


def client_address(group: str, request: HttpRequest) -> str:
    """Return the address that our one proxy saw: the last entry, which the caller cannot choose."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]
