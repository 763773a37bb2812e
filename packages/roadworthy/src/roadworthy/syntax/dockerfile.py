"""Dockerfiles as BuildKit reads them: instructions with flags, words, exec forms and heredocs, each with its place.

BuildKit reads lines, not a grammar: continuation by the escape character, comments and empty lines inside a
continued instruction, heredocs after RUN, COPY and ADD. The same rules are followed here.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.dockerfile_words import exec_words, inside_quotes, split, unquoted
from roadworthy.syntax.problem import SyntaxProblem

KEYWORDS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"}
    | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
_HEREDOC = re.compile(r"(?<!\S)(\d*)<<(-?)([\"']?)([A-Za-z_][\w.-]*)\3(?!\S)")
_HEREDOC_KEYWORDS = frozenset({"RUN", "COPY", "ADD"})
_FLAG = re.compile(r"--([a-z-]+)(?:=((?:\"[^\"]*\"|'[^']*'|\S)*))?(?=\s|$)")
_DIRECTIVE = re.compile(r"#\s*([a-zA-Z]+)\s*=\s*(.+?)\s*$")
_KEYWORD = re.compile(r"(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of an instruction: as written, without quotes where `text` is asked for."""

    text: str
    raw: str
    at: Span


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A text that follows an instruction; `expands` is False where its name is quoted."""

    name: str
    text: str
    expands: bool
    at: Span


@dataclass(slots=True)
class Instruction:
    """One instruction. `text` is what follows the keyword and its flags, continuation lines joined.

    `exec_words` is None unless the text is a JSON list of texts.
    """

    keyword: str
    text: str
    at: Span
    keyword_at: Span
    flags: list[tuple[str, Word]]
    heredocs: tuple[Heredoc, ...]
    exec_words: tuple[str, ...] | None
    trigger: bool = False
    _path: str = ""
    _starts: list[int] = field(default_factory=list)
    _places: list[tuple[int, int]] = field(default_factory=list)
    _shift: int = 0

    def flag(self, name: str) -> Word | None:
        """Return the value of the first flag of this name."""
        return next((value for key, value in self.flags if key == name), None)

    def place(self, start: int, end: int) -> Span:
        """Return the place of `text[start:end]`."""
        line, column = self._place(start)
        end_line, end_column = self._place(max(end - 1, start))
        return Span(self._path, line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        offset += self._shift
        index = max(bisect_right(self._starts, offset) - 1, 0)
        line, column = self._places[index]
        return line, column + offset - self._starts[index]

    def words(self, escape: str = "\\") -> list[Word]:
        """Split the text as BuildKit does for COPY, FROM, EXPOSE …: at spaces outside quotes."""
        if self.exec_words is not None:
            return [Word(word, word, self.place(0, len(self.text))) for word in self.exec_words]
        return [
            Word(unquoted(raw, escape), raw, self.place(start, end)) for raw, start, end in split(self.text, escape)
        ]


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """Every instruction of a file, in order, and its escape character."""

    instructions: tuple[Instruction, ...]
    escape: str = "\\"
    syntax: str = ""


@lru_cache(maxsize=16)
def dockerfile(file: SourceFile) -> Dockerfile:
    """Parse a file; raise SyntaxProblem where BuildKit would refuse it."""
    return parse(file.text, file.path)


def parse(text: str, path: str) -> Dockerfile:
    """Parse a text; raise SyntaxProblem where BuildKit would refuse it."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    directives, index = _directives(lines)
    escape = directives.get("escape", "\\")
    if escape not in ("\\", "`"):
        raise SyntaxProblem("the escape directive must be \\ or `", 1, 1)
    continued = re.compile(rf"(?:^|(?<!{re.escape(escape)})){re.escape(escape)}[ \t]*$")
    found: list[Instruction] = []
    started = False
    while index < len(lines):
        stripped = lines[index].strip()
        if not stripped or stripped.startswith("#"):
            index += 1
            continue
        instruction, index = _instruction(lines, index, path, escape, continued)
        started = started or instruction.keyword == "FROM"
        if not started and instruction.keyword != "ARG":
            raise SyntaxProblem(f"{instruction.keyword} stands before any FROM", *_start(instruction.at))
        found.append(instruction)
    if not started:
        raise SyntaxProblem("no FROM: there is no stage to build")
    return Dockerfile(tuple(found), escape, directives.get("syntax", ""))


def _directives(lines: list[str]) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    for index, line in enumerate(lines):
        match = _DIRECTIVE.match(line.lstrip("\ufeff").strip())
        if line.startswith("#!") and index == 0:
            continue
        if not match or match[1].lower() in found:
            return found, index
        found[match[1].lower()] = match[2]
    return found, len(lines)


def _instruction(
    lines: list[str], index: int, path: str, escape: str, continued: re.Pattern[str]
) -> tuple[Instruction, int]:
    first = index
    pieces: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    length, last = 0, (index + 1, 1)
    while index < len(lines):
        line = lines[index]
        index += 1
        bare = line.strip()
        if len(pieces) > 0 and (not bare or bare.startswith("#")):
            continue
        offset = len(line) - len(line.lstrip()) if not pieces else 0
        match = continued.search(line)
        piece = line[offset : match.start()] if match else line[offset:]
        starts.append(length)
        places.append((index, offset + 1))
        pieces.append(piece)
        length += len(piece)
        last = (index, max(len(line.rstrip()), 1))
        if not match:
            break
    text = "".join(pieces).rstrip()
    keyword_match = _KEYWORD.match(text)
    keyword = keyword_match[1].upper() if keyword_match else ""
    if keyword not in KEYWORDS:
        raise SyntaxProblem(f"unknown instruction {_shown(keyword)}", first + 1, places[0][1])
    shift = keyword_match.end() if keyword_match else 0
    trigger = False
    if keyword == "ONBUILD":
        inner = _KEYWORD.match(text, shift)
        if not inner or inner[1].upper() not in KEYWORDS - {"ONBUILD", "FROM", "MAINTAINER"}:
            raise SyntaxProblem("ONBUILD needs an instruction", first + 1, places[0][1])
        keyword, shift, trigger = inner[1].upper(), inner.end(), True
    base = Instruction(
        keyword,
        text,
        Span(path, places[0][0], places[0][1], *last),
        Span(path, places[0][0], places[0][1], places[0][0], places[0][1] + len(keyword) - 1),
        [],
        (),
        None,
        trigger,
        path,
        starts,
        places,
    )
    while flag := _FLAG.match(text, shift):
        value = flag[2] if flag[2] is not None else ""
        start, end = (flag.start(2), flag.end(2)) if flag[2] else (flag.start(), flag.end())
        base.flags.append((flag[1], Word(unquoted(value, escape), value, base.place(start, end))))
        shift = flag.end() + len(text[flag.end() :]) - len(text[flag.end() :].lstrip())
    base._shift, base.text = shift, text[shift:]
    if keyword in _HEREDOC_KEYWORDS:
        base.heredocs, index = _heredocs(base, lines, index, path)
        if base.heredocs:
            base.at = Span(path, base.at.line, base.at.column, index, max(len(lines[index - 1]), 1))
    base.exec_words = exec_words(base.text)
    return base, index


def _heredocs(base: Instruction, lines: list[str], index: int, path: str) -> tuple[tuple[Heredoc, ...], int]:
    found: list[Heredoc] = []
    for match in _HEREDOC.finditer(base.text):
        if inside_quotes(base.text, match.start()):
            continue
        name, strips = match[4], bool(match[2])
        start, body = index, []
        while True:
            if index >= len(lines):
                raise SyntaxProblem(f"the heredoc {_shown(name)} is never ended", *_start(base.at))
            line = lines[index]
            index += 1
            if (line.lstrip("\t") if strips else line) == name:
                break
            body.append(line)
        end = index - 1
        at = Span(path, start + 1, 1, max(end, start + 1), max(len(lines[max(end - 1, start)]), 1))
        found.append(Heredoc(name, "\n".join(body) + ("\n" if body else ""), not match[3], at))
    return tuple(found), index


def _shown(text: str) -> str:
    return "`" + "".join(c if c.isprintable() else "?" for c in text[:40]) + "`"


def _start(at: Span) -> tuple[int, int]:
    return at.line, at.column
