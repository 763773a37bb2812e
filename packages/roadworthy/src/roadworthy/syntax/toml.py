"""TOML files: values by `tomllib`, places by a scan of the lines."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.problem import SyntaxProblem

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\[\]#]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*'))*)\s*=")
_PART = re.compile(r"[\w-]+|\"[^\"\n]*\"|'[^'\n]*'")
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")
# `tomllib` keeps every prefix of a key: memory grows with the square of its parts.
_DOTS = re.compile(r"(?:[\w-]{1,64}\s?\.\s?){100}")
_QUOTES = ('"""', "'''")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed file: its values, and where each header and key stands."""

    path: str
    values: dict[str, object]
    places: dict[tuple[str, ...], Span]
    lines: tuple[str, ...]

    def get(self, *path: str) -> object:
        """Return the value below these keys, None where one is missing."""
        value: object = self.values
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
        return value

    def table(self, *path: str) -> dict[str, object]:
        """Return the table below these keys, an empty one where there is none."""
        value = self.get(*path)
        return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the texts of the list below these keys."""
        value = self.get(*path)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def at(self, *path: str) -> Span:
        """Return the place of a key or header, or that of the nearest one around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Span(self.path)

    def word(self, text: str, near: Span) -> Span:
        """Return the place of a text from `near` on, or `near`."""
        for number in range(near.line, min(near.line + 400, len(self.lines) + 1)):
            column = self.lines[number - 1].find(text)
            if column >= 0 and text:
                return Span(self.path, number, column + 1, number, column + len(text))
        return near


@lru_cache(maxsize=8)
def document(file: SourceFile) -> Document:
    """Parse a file; raise SyntaxProblem with its place."""
    if _DOTS.search(file.text):
        raise SyntaxProblem("a key of more than 100 parts")
    try:
        values = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as problem:
        where = _WHERE.search(str(problem))
        why = _WHERE.sub("", str(problem)).strip()
        last = file.text.count("\n") + 1
        line, column = (int(where[1]), int(where[2])) if where else (last, 1)
        raise SyntaxProblem(why, min(line, last), column) from problem
    except (RecursionError, ValueError) as problem:
        raise SyntaxProblem("not readable as TOML (nested too deeply, or a number out of range)") from problem
    lines = file.text.replace("\r\n", "\n").split("\n")
    return Document(file.path, values, _places(file.path, lines), tuple(lines))


def _places(path: str, lines: list[str]) -> dict[tuple[str, ...], Span]:
    found: dict[tuple[str, ...], Span] = {}
    table: tuple[str, ...] = ()
    quoted, depth = "", 0
    for number, line in enumerate(lines, start=1):
        inside = bool(quoted) or depth > 0
        match = None if inside else _HEADER.match(line) or _KEY.match(line)
        if match is not None:
            parts = tuple(part.strip("\"'") for part in _PART.findall(match[1]))
            at = Span(path, number, match.start(1) + 1, number, match.end(1))
            if match.re is _HEADER:
                table = parts
                found.setdefault(table, at)
                continue
            for length in range(1, len(parts) + 1):
                found.setdefault((*table, *parts[:length]), at)
        quoted, depth = _after(line, quoted, depth)
    return found


def _after(line: str, quoted: str, depth: int) -> tuple[str, int]:
    """Return which quotes and how many brackets are open at the end of a line."""
    place = 0
    while place < len(line):
        if quoted:
            end = line.find(quoted, place)
            if end < 0:
                return quoted, depth
            place, quoted = end + 3, ""
            continue
        if line[place : place + 3] in _QUOTES:
            quoted = line[place : place + 3]
            place += 3
            continue
        character = line[place]
        if character == "#":
            break
        if character in "\"'":
            place = _closing(line, place, character)
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth = max(depth - 1, 0)
        place += 1
    return quoted, depth


def _closing(line: str, place: int, quote: str) -> int:
    place += 1
    while place < len(line) and line[place] != quote:
        place += 2 if line[place] == "\\" and quote == '"' else 1
    return place
