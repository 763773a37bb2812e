"""The secrets this process knows, so that no line it writes contains one.

`load` registers every secret setting; the log writer replaces them on its own thread, where nobody waits.
"""

import json
from urllib.parse import unquote, urlsplit

REPLACEMENT = b"[redacted]"
SHORTEST = 8
"""Shorter values are ordinary words too often: replacing them would damage lines and protect nothing."""


class Redactor:
    """Replaces known secrets in text that is about to leave the process."""

    __slots__ = ("_secrets",)

    def __init__(self) -> None:
        self._secrets: tuple[bytes, ...] = ()

    def register(self, secret: str) -> None:
        """Remember the secret, and the password when it is a URL."""
        forms = {secret}
        try:
            password = urlsplit(secret).password
        except ValueError:
            password = None
        if password:
            forms |= {password, unquote(password)}
        known = set(self._secrets)
        for form in forms:
            if len(form) >= SHORTEST:
                known.add(form.encode("utf-8", "surrogatepass"))
                known.add(json.dumps(form, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"))
        self._secrets = tuple(sorted(known, key=lambda each: (-len(each), each)))

    def clean(self, text: bytes) -> bytes:
        """The text with every known secret replaced, longest first."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, REPLACEMENT)
        return text


REDACTOR = Redactor()
