"""nginx configuration as a located tree of directives: blocks, quotes, comments, variables; Lua blocks are skipped."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.problem import SyntaxProblem

MAXIMUM_DEPTH = 40
MAXIMUM_DIRECTIVES = 100_000

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<mark>[;{}])|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<word>(?:\\.|\$\{|[^\s;{\\])+)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([\"'\\])")
_LUA_MARK = re.compile(r"""[{}]|--\[\[.*?\]\]|--[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a directive; `text` is without its quotes."""

    text: str
    at: Span


@dataclass(slots=True, eq=False)
class Directive:
    """A directive and, where it opens a block, what stands in it; `block` is None for those that end in a semicolon."""

    name: str
    words: tuple[Word, ...]
    at: Span
    block: "list[Directive] | None" = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The words behind the name."""
        return tuple(word.text for word in self.words)

    def all(self, *names: str) -> Iterator["Directive"]:
        """Yield the directives of these names that stand directly in the block."""
        for directive in self.block or ():
            if directive.name in names:
                yield directive

    def last(self, name: str) -> "Directive | None":
        """Return the last directive of this name that stands directly in the block."""
        found = None
        for found in self.all(name):  # noqa: B007 - the last one is wanted
            pass
        return found


@dataclass(slots=True)
class _Reader:
    path: str
    text: str
    starts: list[int] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        line, last = bisect_right(self.starts, start), bisect_right(self.starts, max(end - 1, start))
        return Span(self.path, line, start - self.starts[line - 1] + 1, last, max(end - self.starts[last - 1], 1))

    def problem(self, why: str, place: int) -> SyntaxProblem:
        line = bisect_right(self.starts, place)
        return SyntaxProblem(why, line, place - self.starts[line - 1] + 1)


@lru_cache(maxsize=8)
def parse(file: SourceFile) -> Directive:
    """Return the whole file as one directive with a block; raise SyntaxProblem with its place."""
    text = file.text
    reader = _Reader(file.path, text, [0, *(match.end() for match in re.finditer("\n", text))])
    inside: list[Directive] = []
    root = Directive("", (), reader.span(0, 1), inside)
    stack, words, place, count = [(root, inside)], list[Word](), 0, 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise reader.problem("a quote that is not closed, or a lone backslash", place)
        start, place = place, token.end()
        match token.lastgroup:
            case "quoted":
                words.append(Word(_ESCAPED.sub(r"\1", token[0][1:-1]), reader.span(start, place)))
            case "word":
                words.append(Word(token[0], reader.span(start, place)))
            case "mark" if token[0] == "}":
                if words:
                    raise reader.problem(f"`{words[0].text[:40]}` is not ended by a semicolon", start)
                if len(stack) == 1:
                    raise reader.problem("a closing brace without an opening one", start)
                stack.pop()
                inside = stack[-1][1]
            case "mark":
                if not words:
                    if token[0] == ";":
                        continue
                    raise reader.problem("a block without a name", start)
                count += 1
                if count > MAXIMUM_DIRECTIVES:
                    raise reader.problem(f"more than {MAXIMUM_DIRECTIVES} directives", start)
                first, last = words[0].at, words[-1].at
                at = Span(file.path, first.line, first.column, last.end_line, last.end_column)
                directive = Directive(words[0].text, tuple(words[1:]), at)
                inside.append(directive)
                words = []
                if token[0] == "{":
                    if directive.name.endswith("_by_lua_block"):
                        place = _behind_lua(reader, place)
                        continue
                    inside = directive.block = []
                    stack.append((directive, inside))
                    if len(stack) > MAXIMUM_DEPTH:
                        raise reader.problem("nested too deeply", start)
    if words:
        raise reader.problem(f"`{words[0].text[:40]}` is not ended by a semicolon", max(len(text) - 1, 0))
    if len(stack) > 1:
        open_block = stack[-1][0]
        why = f"the block `{open_block.name[:40]}` is not closed"
        raise SyntaxProblem(why, open_block.at.line, open_block.at.column)
    return root


def _behind_lua(reader: _Reader, place: int) -> int:
    """Return the place behind the brace that closes a Lua block."""
    depth = 1
    for found in _LUA_MARK.finditer(reader.text, place):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise reader.problem("a Lua block that is not closed", place)


def walk(root: Directive) -> Iterator[tuple[Directive, tuple[Directive, ...]]]:
    """Yield every directive with the blocks it stands in, outermost first."""
    pending: list[tuple[Directive, tuple[Directive, ...]]] = [(root, ())]
    while pending:
        block, around = pending.pop()
        for directive in block.block or ():
            yield directive, (*around, block)
            if directive.block is not None:
                pending.append((directive, (*around, block)))
