"""The address behind `proxy_pass` and its like."""

import re
from dataclasses import dataclass

_PASS = re.compile(
    r"(?:(?P<scheme>https?|grpcs?|fastcgi|uwsgi)://)?(?P<host>\[[^\]]*\]|[^:/\s]+)(?::(?P<port>[^/\s]*))?(?P<path>/\S*)?"
)
# Behind the server stands what nginx appends of the request: no part of the address.
_REST = re.compile(r"/?\$(request_uri|uri|is_args|args|query_string|\d|\{?(request_uri|uri)\}?).*$|(?<=[^:/]/)\$.*$")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Z_][A-Z0-9_]*))")


@dataclass(frozen=True, slots=True)
class Passed:
    """The parts of the address; `port` is None where none is written or it is no number."""

    scheme: str
    host: str
    port: int | None
    path: str | None


def passed(text: str, scheme: str = "http") -> Passed | None:
    """Read an address; return None where its host is put together at run time."""
    plain = _REST.sub("", text)
    match = _PASS.fullmatch(plain)
    if match is None or "$" in plain:
        return None
    said = match["scheme"] or scheme
    port = match["port"] or ""
    number = int(port) if port.isdecimal() and len(port) < 6 else None
    if not port and said in ("http", "https"):
        number = 443 if said == "https" else 80
    return Passed(said, match["host"], number, match["path"])


def filled(text: str, given: dict[str, str]) -> str:
    """Replace the variables of a template that are given."""
    return _VARIABLE.sub(lambda match: given.get(match[1] or match[2], match[0]), text)
