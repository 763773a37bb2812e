"""Markdown as located headings, fenced blocks and links; no other construct matters here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile

_FENCE = re.compile(r"^((?:\s|>)*)(`{3,}|~{3,})\s*([^\s`{]*)[^`]*$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
# The bounds keep the time for a long line of brackets in proportion to its length.
_LINK = re.compile(
    r"(!?)\[(?:[^\[\]]|\[[^\]]{0,300}\]){0,1000}\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+[\"'(][^)]*)?\s*\)"
)
_DEFINED = re.compile(r"^ {0,3}\[[^\]^]+\]:\s*<?(\S+?)>?(?:\s|$)")
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ANCHOR = re.compile(r"<a\s[^<>]*?(?:name|id)\s*=\s*[\"']([^\"']+)|\bid\s*=\s*[\"']([^\"']+)|\{#([\w-]+)")
_HTML_LINK = re.compile(r"<(?:a|img)\s[^<>]*?(?:href|src)\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
# What stands between is written by a tool, with anchors that lead nowhere on purpose.
_LIST_START, _LIST_END = "ALL-CONTRIBUTORS-LIST:START", "ALL-CONTRIBUTORS-LIST:END"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its depth, its text, and the anchor a browser can jump to."""

    depth: int
    text: str
    anchor: str
    at: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language in lower case, its text, where the text starts, and the indent taken off each line."""

    language: str
    text: str
    line: int
    indent: int
    heading: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture: its target as written."""

    target: str
    picture: bool
    at: Span


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What stands in a file. `anchors` holds those of headings and of HTML; `code` the words in backticks."""

    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    anchors: tuple[str, ...]
    code: tuple[tuple[str, Span], ...]


def slug(text: str) -> str:
    """Return the anchor GitHub gives to a heading of this text."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    plain = re.sub(r"<[^>]+>|[`*]|:\w+:", "", plain)
    kept = "".join(c for c in plain.strip().lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


@lru_cache(maxsize=8)
def document(file: SourceFile) -> Document:
    """Read a file; any text is a document."""
    headings: list[Heading] = []
    blocks: list[Block] = []
    links: list[Link] = []
    anchors: dict[str, int] = {}
    code: list[tuple[str, Span]] = []
    lines = file.text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    number = 0
    comment = listed = False
    while number < len(lines):
        line = lines[number]
        number += 1
        if comment or line.lstrip().startswith("<!--"):
            comment = "-->" not in line
            listed = (listed or _LIST_START in line) and _LIST_END not in line
            continue
        if listed:
            continue
        fence = _FENCE.match(line)
        if fence is not None:
            start, indent = number, len(fence[1])
            while number < len(lines) and not _closes(lines[number], fence[2]):
                number += 1
            body = [text[min(indent, len(text) - len(text.lstrip(" >"))) :] for text in lines[start:number]]
            language = fence[3].lower().strip("{}.")
            blocks.append(Block(language, "\n".join(body), start + 1, indent, headings[-1].text if headings else ""))
            number += 1
            continue
        heading = _heading(line, lines[number] if number < len(lines) else "")
        if heading is not None:
            depth, text = heading
            anchor = slug(text)
            count = anchors.get(anchor, 0)
            anchors[anchor] = count + 1
            named = f"{anchor}-{count}" if count else anchor
            anchors.setdefault(named, 1)
            headings.append(Heading(depth, text, named, Span(file.path, number, 1, number, max(len(line), 1))))
        for found in _ANCHOR.finditer(line):
            anchors.setdefault(next(group for group in found.groups() if group), 1)
        links += _links(file.path, number, line)
        code += _code(file.path, number, line)
    return Document(tuple(headings), tuple(blocks), tuple(links), tuple(anchors), tuple(code))


def _closes(line: str, fence: str) -> bool:
    bare = line.strip(" >\t")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _heading(line: str, below: str) -> tuple[int, str] | None:
    found = _HEADING.match(line)
    if found is not None:
        return len(found[1]), found[2]
    underline = _UNDERLINE.match(below)
    if underline is not None and line.strip() and not line.lstrip().startswith((">", "-", "*", "|", "#")):
        return (1 if underline[1].startswith("=") else 2), line.strip()
    return None


def _links(path: str, number: int, line: str) -> Iterator[Link]:
    blank = _CODE.sub(lambda found: " " * len(found[0]), line)
    for found in _LINK.finditer(blank) if "](" in blank else ():
        if found[2]:
            at = Span(path, number, found.start(2) + 1, number, found.end(2))
            yield Link(line[found.start(2) : found.end(2)], bool(found[1]), at)
    for pattern in (_DEFINED, _HTML_LINK):
        yield from (
            Link(found[1], False, Span(path, number, found.start(1) + 1, number, found.end(1)))
            for found in pattern.finditer(blank)
        )


def _code(path: str, number: int, line: str) -> Iterator[tuple[str, Span]]:
    for found in _CODE.finditer(line):
        yield found[2], Span(path, number, found.start(2) + 1, number, found.end(2))
