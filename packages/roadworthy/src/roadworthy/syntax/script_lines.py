"""The commands of a script outside of an image, each with the folder it runs in and what becomes of its failure."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import shell, yaml, yaml_places
from roadworthy.syntax.secrecy import blotted, names_secret

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_STAND_IN = re.compile(r"\$E(\d+)_*")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_SUBSHELL_CD = re.compile(r"\(\s*cd\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A command. `how` says by what its failure is thrown away, "" where it counts."""

    words: tuple[str, ...]
    at: Span
    folder: str | None
    optional: bool
    how: str
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def lines(
    text: str,
    folder: str | None,
    *,
    stops: bool = True,
    pipefail: bool = False,
    resolve: Callable[[str], str] | None = None,
) -> Iterator[Line]:
    """Yield the commands of a script; places count from its first character.

    `stops` tells that the script ends at the first failure, `pipefail` that every part of a pipe counts; `resolve` gives
    the text an expression of the pipeline stands for, or the expression itself.
    """
    expressions = _EXPRESSION.findall(text)
    numbers = iter(range(len(expressions)))
    read = shell.parse(_EXPRESSION.sub(lambda found: f"$E{next(numbers)}".ljust(len(found[0]), "_"), text))
    values = _values(read)
    looks = "$?" in text or "PIPESTATUS" in text
    last = len(read.commands) - 1
    for index, command in enumerate(read.commands):
        match command.words:
            case ("set", *options):
                joined = " ".join(options)
                pipefail = pipefail or "-o pipefail" in joined or ("pipefail" in joined and joined.startswith("-"))
                stops = False if options[:1] == ["+e"] else True if _sets_e(options) else stops
            case ("cd" | "pushd", target, *_):
                inner = _SUBSHELL_CD.search(text) is not None
                folder = None if inner else _entered(folder, target)
            case ("cd",) | ("popd",):
                folder = None
        words = read.handed(command.words)
        if words[0] in read.functions:
            continue
        words = tuple(_written(word, expressions, values, resolve) for word in words)
        how = ""
        if command.swallowed:
            how = "`||`, behind which the script goes on"
        elif command.piped and not pipefail and not looks:
            how = "a pipe: only its last program decides"
        elif not stops and index != last and not looks:
            how = "`set +e`"
        yield Line(blotted(words), command.at, folder, command.optional, how, command.writes, command.reads)


def placed(scalar: yaml.Scalar, file: SourceFile, at: Span) -> Span:
    """Return the place in the file of a place in the text of a YAML scalar, or that of the scalar."""
    written = yaml_places.lines(file)
    line, column = (written[scalar.at.line - 1] if scalar.at.line <= len(written) else ""), scalar.at.column - 1
    if not scalar.plain and line.startswith("|", column):
        indent, shift = _indent(file, scalar.at.line, scalar.text), scalar.at.line
    elif scalar.at.line == scalar.at.end_line and not line.startswith((">", '"'), column):
        indent, shift = column + (not scalar.plain), scalar.at.line - 1
    else:
        return scalar.at
    span = Span(file.path, at.line + shift, at.column + indent, at.end_line + shift, at.end_column + indent)
    inside = span.end_line <= len(written) and span.end_column <= max(len(written[span.end_line - 1]), 1)
    return span if inside else scalar.at


@lru_cache(maxsize=4)
def _indent(file: SourceFile, line: int, text: str) -> int:
    """Return how far a block is indented that follows a line."""
    body = yaml_places.lines(file)[line : line + len(text.splitlines())]
    return min((len(written) - len(written.lstrip(" ")) for written in body if written.strip()), default=0)


def _values(read: shell.Script) -> dict[str, str]:
    """Return the variables a script sets once, to a text it holds itself."""
    counts = Counter(assignment.name for assignment in read.assignments)
    return {
        assignment.name: assignment.value
        for assignment in read.assignments
        if counts[assignment.name] == 1
        and not names_secret(assignment.name)
        and not any(character in assignment.value for character in "`\n(*")
        and f"${assignment.name}" not in assignment.value
    }


def _written(word: str, expressions: list[str], values: dict[str, str], resolve: Callable[[str], str] | None) -> str:
    """Return a word with what can be told of its variables and expressions put in their place."""
    if "$" not in word:
        return word
    for _ in range(2):
        word = _VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0]), word)
    if not expressions:
        return word

    def expression(found: re.Match[str]) -> str:
        number = int(found[1])
        if number >= len(expressions):
            return found[0]
        width = len(expressions[number])
        shown = resolve(expressions[number]) if resolve is not None else expressions[number]
        return shown + found[0][width:]

    return _STAND_IN.sub(expression, word)


def _sets_e(options: list[str]) -> bool:
    return any(re.fullmatch(r"-[a-z]*e[a-z]*", option) for option in options)


def _entered(folder: str | None, target: str) -> str | None:
    if folder is None or "$" in target or target.startswith(("/", "~", "-")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, target))
    return None if joined.startswith("..") else "" if joined == "." else joined
