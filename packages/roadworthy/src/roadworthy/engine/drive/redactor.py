"""Removes the secrets the rig made from everything a run keeps."""

import base64
import re
from urllib.parse import quote, quote_plus

SHORTEST = 6


class Redactor:
    """Knows secrets by name, and finds them in a text in the spellings that programs write."""

    def __init__(self) -> None:
        """Know none."""
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def know(self, name: str, secret: str) -> None:
        """Remember a secret under the name that will stand in its place."""
        for spelling in spellings(secret):
            self._names.setdefault(spelling, name)
        self._pattern = None

    def clean(self, text: str) -> str:
        """Return the text with every known secret replaced by its name, and no control characters."""
        if self._pattern is None:
            longest_first = sorted(self._names, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(each) for each in longest_first) or r"(?!)")
        shown = self._pattern.sub(lambda match: f"[{self._names[match[0]]}]", text)
        return "".join(
            character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
            for character in shown
        )


def spellings(secret: str) -> frozenset[str]:
    """Return a secret as it is, as a URL writes it, and in base64; nothing for what is too short to tell."""
    if len(secret) < SHORTEST:
        return frozenset()
    encoded = base64.b64encode(secret.encode()).decode()
    return frozenset({secret, quote(secret, safe=""), quote_plus(secret), encoded, encoded.rstrip("=")})
