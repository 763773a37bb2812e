"""Indexes that SQL makes, and the columns by which its queries look rows up."""

import re
from collections.abc import Iterator

_NAME = r"[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)[\"`\]]?"
_INDEX = re.compile(
    rf"create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?\S+\s+on\s+(?:only\s+)?{_NAME}\s*"
    r"(?:using\s+\w+\s*)?\(\s*(?:lower\(|upper\()?[\"`]?(\w+)",
    re.IGNORECASE,
)
_TABLE = re.compile(rf"create\s+table\s+(?:if\s+not\s+exists\s+)?{_NAME}\s*\(", re.IGNORECASE)
_KEY = re.compile(
    r"(?:primary\s+key|unique(?:\s+(?:key|index))?(?:\s+\w+)?|\bkey\s+\w+|\bindex\s+\w+|foreign\s+key)\s*\(\s*[\"`]?(\w+)",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"^\s*[\"`]?(\w+)[\"`]?\s+[^,(]*(?:\([^)]*\))?[^,]*\b(?:primary\s+key|unique|references)\b", re.IGNORECASE
)
_ADDED = re.compile(
    rf"alter\s+table\s+(?:only\s+)?(?:if\s+exists\s+)?{_NAME}\s+add\s+(?:constraint\s+\S+\s+)?(.{{0,300}})",
    re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(
    rf"\b(?:select\b[^;]{{0,600}}?\bfrom|update|delete\s+from)\s+{_NAME}(?P<rest>[^;]{{0,800}})",
    re.IGNORECASE | re.DOTALL,
)
_EQUAL = re.compile(
    r"(?:\bwhere|\band)\s+\(?(?:(\w+)\.)?[\"`]?(\w+)[\"`]?\s*(=|\bin\b)\s*(?:[%:$?'(\d]|any\b)", re.IGNORECASE
)
_HARD = re.compile(r"\bjoin\b|\bor\b|\bunion\b|\(\s*select\b", re.IGNORECASE)
MAXIMUM = 500_000


def made(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield table, leading column and place of every index, key and unique constraint."""
    text = text[:MAXIMUM]
    for found in _INDEX.finditer(text):
        yield found[1].lower(), found[2].lower(), found.start()
    for found in _TABLE.finditer(text):
        body = _body(text, found.end())
        for key in _KEY.finditer(body):
            yield found[1].lower(), key[1].lower(), found.end() + key.start()
        place = found.end()
        for line in body.split("\n"):
            if (inline := _INLINE.match(line)) and not re.match(
                r"\s*(constraint|primary|unique|foreign|key|index)\b", line, re.IGNORECASE
            ):
                yield found[1].lower(), inline[1].lower(), place
            place += len(line) + 1
    for found in _ADDED.finditer(text):
        if added := _KEY.search(found[2]):
            yield found[1].lower(), added[1].lower(), found.start()


def tables(text: str) -> Iterator[str]:
    """Yield the tables a text makes."""
    for found in _TABLE.finditer(text[:MAXIMUM]):
        yield found[1].lower()


def asked(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield table and columns of every query of one table that looks rows up by equality."""
    for found in _QUERY.finditer(text[:20_000]):
        rest = found["rest"]
        if _HARD.search(rest) or re.match(r"\s*(?:as\s+)?\w*\s*,", rest):
            continue
        columns = tuple(dict.fromkeys(match[2].lower() for match in _EQUAL.finditer(rest)))
        if columns:
            yield found[1].lower(), columns


def _body(text: str, start: int) -> str:
    depth = 1
    for place in range(start, min(len(text), start + 50_000)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    return text[start : start + 50_000]
