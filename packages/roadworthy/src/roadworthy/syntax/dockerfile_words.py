"""The words of a Dockerfile instruction: splitting, quotes, exec forms and variables."""

import json
import re
from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})")


def exec_words(text: str) -> tuple[str, ...] | None:
    """Return the words of an exec form; None where the text is not a JSON list of texts (BuildKit then runs a shell)."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else None


def split(text: str, escape: str) -> Iterator[tuple[str, int, int]]:
    """Yield each run of characters between spaces outside quotes, with its start and end."""
    start, quote, position = -1, "", 0
    while position < len(text):
        character = text[position]
        if quote:
            if character == escape and quote == '"':
                position += 1
            elif character == quote:
                quote = ""
        elif character.isspace():
            if start >= 0:
                yield text[start:position], start, position
                start = -1
        else:
            if start < 0:
                start = position
            if character == escape:
                position += 1
            elif character in "\"'":
                quote = character
        position += 1
    if start >= 0:
        yield text[start:], start, len(text)


def unquoted(raw: str, escape: str) -> str:
    """Return a word without its quotes and escapes; an escaped dollar sign keeps its escape."""
    out: list[str] = []
    quote, position = "", 0
    while position < len(raw):
        character = raw[position]
        if character == escape and quote != "'" and position + 1 < len(raw):
            position += 1
            out.append(raw[position] if raw[position] != "$" else escape + "$")
        elif quote and character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        else:
            out.append(character)
        position += 1
    return "".join(out)


def inside_quotes(text: str, end: int) -> bool:
    """Tell whether `text[end]` stands between quotes."""
    quote = ""
    for character in text[:end]:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return bool(quote)


MAXIMUM_EXPANSION = 100_000


def expand(text: str, variables: Mapping[str, str | None], undeclared: str | None = "") -> str | None:
    """Put variables in, as `FROM`, `COPY`, `ENV` … do; return None where one has no value known here.

    A variable with the value None is unknown; one that is nowhere declared has the value `undeclared` (empty in FROM,
    unknown where the base image may declare it). What variables that hold one another make too long is unknown as well.
    """
    unknown = False
    length = 0

    def value(match: re.Match[str]) -> str:
        nonlocal unknown, length
        name, operator, word = match[1] or match[2], match[3], match[4] or ""
        known = name in variables or undeclared is None
        given = variables.get(name, undeclared)
        if known and given is None:
            unknown = True
            return ""
        held = given or ""
        length += len(held)
        if length > MAXIMUM_EXPANSION:
            unknown = True
            return ""
        isset = bool(held) if (operator or "").startswith(":") else known
        match (operator or "").lstrip(":"):
            case "-":
                return held if isset else word
            case "+":
                return word if isset else ""
        return held

    out = _VARIABLE.sub(value, text)
    return None if unknown or "${" in out else out.replace("\\$", "$")
