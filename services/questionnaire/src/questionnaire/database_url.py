"""A database address is checked before anything connects to it."""

from urllib.parse import SplitResult, unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

EXPECTED = "expected postgresql://user:password@host:port/database"
EXAMPLE_PREFIX = "replace-me"


def check_database_url(url: str) -> str:
    """Given an address from the environment, return it; raise ValueError that says what is wrong, never the value."""
    parts, port = _split(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"does not start with postgresql://; {EXPECTED}")
    if not parts.hostname:
        raise ValueError(f"names no host; {EXPECTED}")
    if port == 0:
        raise ValueError(f"the port is not between 1 and 65535; {EXPECTED}")
    if not unquote(parts.path).strip("/"):
        raise ValueError(f"names no database; {EXPECTED}")
    if unquote(parts.password or "").startswith(EXAMPLE_PREFIX):
        raise ValueError("still holds the example password")
    return url


def _split(url: str) -> tuple[SplitResult, int | None]:
    # The messages of both parsers can quote the address, password included: they are not passed on.
    try:
        parts = urlsplit(url)
        port = parts.port
        if parts.scheme in ("postgresql", "postgres"):
            conninfo_to_dict(url)
    except (ValueError, ProgrammingError):
        raise ValueError(f"is not a database address; {EXPECTED}") from None
    return parts, port
