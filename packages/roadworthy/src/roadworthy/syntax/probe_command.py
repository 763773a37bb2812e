"""What a command that tests a service asks of it: `curl -f http://localhost:8000/health` asks port 8000 for /health."""

import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\])"
    r"(?::(?P<port>\d{1,5}|\$\{?\w+(?::-(?P<default>\d{1,5}))?\}?))?(?P<path>/[^\s'\"`)\\;|&>]*)?"
    r"(?=$|[\s'\"`)\\;|&>?#])"
)
_NETCAT = re.compile(r"\bnc\b[^|;&]*?\s(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\s+(?P<port>\d{1,5})\b")


@dataclass(frozen=True, slots=True)
class Question:
    """`port` is "" where it cannot be read; `path` is "" where nothing is asked over HTTP."""

    port: str
    path: str


def asked(words: tuple[str, ...]) -> tuple[Question, ...]:
    """Return what the words of a command ask of the machine they run on."""
    text = " ".join(words)
    found: list[Question] = []
    for match in _ADDRESS.finditer(text):
        scheme, port, path = match["scheme"], match["port"], match["path"]
        if not (scheme or port):
            continue
        if port and not port.isdecimal():
            port = match["default"] or "?"
        number = port or {"http": "80", "https": "443"}.get(scheme or "", "?")
        bare = (path or "/").partition("?")[0].partition("#")[0]
        http = scheme is not None or path is not None or _fetches(words)
        found.append(Question("" if number == "?" else number, bare if http and "$" not in bare else ""))
    found += (Question(match["port"], "") for match in _NETCAT.finditer(text))
    return tuple(dict.fromkeys(found))


def _fetches(words: tuple[str, ...]) -> bool:
    return any(word in ("curl", "wget") for one in words for word in one.split())
