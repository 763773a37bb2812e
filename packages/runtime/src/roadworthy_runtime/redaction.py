"""The secrets this process knows, so that no line it writes contains one.

`load` registers every secret setting; the log writer replaces them on its own thread, where nobody waits.
"""

import json
from urllib.parse import unquote, urlsplit

REPLACEMENT = "[redacted]"
SHORTEST = 8
"""Shorter values are ordinary words too often: replacing them would damage lines and protect nothing."""


class Redactor:
    """Replaces known secrets in lines that are about to leave the process."""

    __slots__ = ("_secrets", "_traces")

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()
        self._traces: tuple[bytes, ...] = ()

    def register(self, secret: str) -> None:
        """Remember the secret, and the password when it is a URL."""
        forms = {secret}
        try:
            password = urlsplit(secret).password
        except ValueError:
            password = None
        if password:
            forms |= {password, unquote(password)}
        known = set(self._secrets) | {form for form in forms if len(form) >= SHORTEST}
        self._secrets = tuple(sorted(known, key=lambda each: (-len(each), each)))
        self._traces = tuple({trace for each in self._secrets for trace in _traces(each)})

    def clean(self, lines: bytes) -> bytes:
        """The lines with every known secret replaced, longest first; what was JSON stays JSON."""
        if not any(trace in lines for trace in self._traces):
            return lines
        return b"\n".join(self._clean_line(line) for line in lines.split(b"\n"))

    def _clean_line(self, line: bytes) -> bytes:
        if not any(trace in line for trace in self._traces):
            return line
        try:
            value = json.loads(line)
        except ValueError:
            return self._clean_text(line.decode("utf-8", "replace")).encode("utf-8", "replace")
        return json.dumps(self._clean_value(value), separators=(",", ":"), ensure_ascii=True).encode()

    def _clean_value(self, value: object) -> object:
        match value:
            case str():
                return self._clean_text(value)
            case list():
                return [self._clean_value(each) for each in value]
            case dict():
                return {self._clean_text(key): self._clean_value(each) for key, each in value.items()}
            case _:
                return value

    def _clean_text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REPLACEMENT)
        return text


def _traces(secret: str) -> set[bytes]:
    """How the secret may look inside an encoded line."""
    texts = {secret, json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(secret)[1:-1]}
    return {text.encode("utf-8", "surrogatepass") for text in texts}


REDACTOR = Redactor()
