"""Where in a file the parts of a YAML scalar stand: a word, a match, the nodes of a document inside it."""

import re
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import yaml


def inside(scalar: yaml.Scalar, file: SourceFile, word: str, skip: int = 0) -> Span:
    """Return the place of the (`skip`+1)th occurrence of `word` within a scalar, or the scalar's own place."""
    written = lines(file)
    for number in range(scalar.at.line, min(scalar.at.end_line, len(written)) + 1):
        line = written[number - 1]
        start = scalar.at.column - 1 if number == scalar.at.line else 0
        while (found := line.find(word, start)) >= 0:
            if skip == 0:
                return Span(file.path, number, found + 1, number, found + len(word))
            skip -= 1
            start = found + len(word)
    return scalar.at


def search(scalar: yaml.Scalar, file: SourceFile, pattern: re.Pattern[str], start: Span | None = None) -> Span:
    """Return the place of the first match of a pattern (of its first group, if it has one) on one line of a scalar,
    from `start` on, or the scalar's own place."""
    written = lines(file)
    first = start or scalar.at
    for number in range(first.line, min(scalar.at.end_line, len(written)) + 1):
        column = first.column - 1 if number == first.line else 0
        found = pattern.search(written[number - 1], column)
        if found and found.end(pattern.groups and 1) > found.start(pattern.groups and 1):
            group = 1 if pattern.groups else 0
            return Span(file.path, number, found.start(group) + 1, number, found.end(group))
    return scalar.at


def embedded(scalar: yaml.Scalar, file: SourceFile) -> tuple[yaml.Node, ...]:
    """Parse the YAML that stands as a literal block inside a scalar (a file in a ConfigMap), places and all; raise
    SyntaxProblem with its place. A text in quotes gets the place of the whole scalar."""
    written = lines(file)
    body = list(written[scalar.at.line : scalar.at.end_line - (scalar.at.end_column <= 1)])
    while body and not body[-1].strip():
        body.pop()
    indents = [len(line) - len(line.lstrip(" ")) for line in body if line.strip()]
    literal = "\n".join(line[min(indents, default=0) :] for line in body)
    if scalar.plain or not indents or literal.rstrip() != scalar.text.rstrip():
        nodes = yaml.parse(scalar.text, file.path)
        for node in nodes:
            _replace(node, scalar.at)
        return nodes
    return yaml.parse("\n" * scalar.at.line + "\n".join(body), file.path)


@lru_cache(maxsize=4)
def lines(file: SourceFile) -> tuple[str, ...]:
    """Return the lines of a file, split once for all that is looked up in it."""
    return tuple(file.text.split("\n"))


def _replace(root: yaml.Node, at: Span) -> None:
    stack = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.at = at
        if isinstance(node, yaml.Sequence):
            stack += node.items
        elif isinstance(node, yaml.Mapping):
            for key, value in node.pairs:
                stack += (key, value)
