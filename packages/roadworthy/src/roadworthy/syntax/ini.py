"""INI files (setup.cfg, tox.ini, pytest.ini, .coveragerc) as located sections and options."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.problem import SyntaxProblem

_SECTION = re.compile(r"\[([^\]\r\n]*)\]")
_OPTION = re.compile(r"([^\s=:\[#;][^=:]*?)\s*[=:]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Option:
    """`name = value`; the lines of a longer value are joined by line breaks."""

    name: str
    value: str
    at: Span


@dataclass(slots=True, eq=False)
class Section:
    """A header and what stands below it."""

    name: str
    at: Span
    options: list[Option] = field(default_factory=list)

    def get(self, name: str) -> Option | None:
        """Return the last option of this name."""
        return next((option for option in reversed(self.options) if option.name == name), None)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return names and values, in order."""
        return tuple((option.name, option.value) for option in self.options)


@lru_cache(maxsize=8)
def sections(file: SourceFile) -> tuple[Section, ...]:
    """Read a file; raise SyntaxProblem where an option stands before the first header."""
    found: list[Section] = []
    for number, line in enumerate(file.text.removeprefix("\ufeff").split("\n"), start=1):
        text = line.rstrip("\r")
        bare = text.strip()
        if not bare or bare.startswith(("#", ";")):
            continue
        if text[0] in " \t" and found and found[-1].options:
            last = found[-1].options.pop()
            found[-1].options.append(Option(last.name, f"{last.value}\n{bare}".strip("\n"), last.at))
        elif header := _SECTION.match(bare):
            column = text.index("[") + 1
            at = Span(file.path, number, column, number, column + len(header[0]) - 1)
            found.append(Section(header[1].strip(), at))
        elif not found:
            raise SyntaxProblem("an option before the first [section]", number, 1)
        elif option := _OPTION.match(bare):
            column = text.index(bare[0]) + 1
            at = Span(file.path, number, column, number, column + len(option[1]) - 1)
            found[-1].options.append(Option(option[1], option[2].strip(), at))
    return tuple(found)
