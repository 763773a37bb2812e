"""Addresses of servers: `scheme://user:password@host:port/path`, with `${NAME}` where a part is taken from elsewhere."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\s]*)(/[^?#\s]*)?([?#]\S*)?")
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_MARK = re.compile("\0(\\d+)\0")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address as written, decoded; None where a part is absent or taken from elsewhere.

    `password` is the secret itself, or `${NAME}`: never let it into a fact or a message.
    """

    scheme: str
    host: str | None
    port: int | None
    user: str | None
    password: str | None
    path: str
    has_credentials: bool

    def shown(self) -> str:
        """The address without the credentials it holds."""
        credentials = "***@" if self.has_credentials else ""
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}://{credentials}{self.host or '*'}{port}{self.path}"


def address(text: str) -> Address | None:
    """Read a whole text as one address; return None where it is none."""
    names: list[str] = []

    def mark(match: re.Match[str]) -> str:
        names.append(match[0])
        return f"\0{len(names) - 1}\0"

    match = _ADDRESS.fullmatch(_PLACEHOLDER.sub(mark, text.strip()))
    if match is None or "@" in (match[3] or "") or "://" in (match[3] or ""):
        # Several addresses in a row, or a password with a slash: no one part is certain.
        return None
    scheme, authority, path = match[1].lower(), match[2], match[3] or ""
    credentials, at, server = authority.rpartition("@")
    user, colon, password = credentials.partition(":")
    host, port = _server(server)
    secret = _MARK.sub(lambda m: names[int(m[1])], unquote(password)) if colon and password else None
    return Address(scheme, _known(host), port, _known(user) if at else None, secret, _MARK.sub("*", path), bool(at))


def _server(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, _number(rest.lstrip(":"))
    host, colon, port = text.rpartition(":")
    return (host, _number(port)) if colon else (text, None)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _known(text: str) -> str | None:
    return None if not text or "\0" in text or "," in text or "*" in text else unquote(text)
