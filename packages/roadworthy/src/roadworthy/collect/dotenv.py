"""Dotenv files: the variables they give to whatever imports the file.

The format is the one compose and python-dotenv share: `NAME=value`, `export NAME=value`, quotes that may span lines,
comments after white space.
"""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentGiven, NamesMentioned
from roadworthy.model.facts import Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol, Unreadable
from roadworthy.model.words import FileRole

PROVIDES = frozenset({Kind.ENVIRONMENT})

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)", re.DOTALL)
_ALTERNATIVE = re.compile(r"^[ \t]*#+[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=[^ \t\r\n]+[ \t\r]*$", re.MULTILINE)
# What the values of the file are made of: it is read by the file itself.
_OF_ITSELF = re.compile(r"\$\{([A-Za-z_]\w*)")
_NOT_DOTENV = (
    ".py",
    ".sh",
    ".js",
    ".ts",
    ".md",
    ".yml",
    ".yaml",
    ".json",
    ".toml",
    ".rs",
    ".go",
    ".rb",
    ".html",
    ".patch",
    ".diff",
)


def wants(path: str) -> bool:
    """Files named `.env`, `.env.<something>`, `<something>.env` or `env.<example>`."""
    name = path.rpartition("/")[2]
    if name.endswith(_NOT_DOTENV):
        return False
    return name.startswith(".env") or name.endswith(".env") or name in ("env.example", "env.sample", "env.template")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Every file of such a name is one."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every variable of the file, in phase "file": whatever imports the file is given them.

    Where an example offers another value for a variable in a comment, whoever copies it chooses: the value is unknown.
    """
    lines = file.text.split("\n")
    offered = set(_ALTERNATIVE.findall(file.text)) if file.role is FileRole.EXAMPLE else set()
    if own := frozenset(_OF_ITSELF.findall(re.sub(r"(?m)^[ \t]*#.*$", "", file.text))):
        yield Symbol(
            Kind.ENVIRONMENT,
            Action.REFERS,
            Unreadable("many names"),
            Span(file.path),
            phase="mention",
            role=file.role,
            detail=NamesMentioned(own),
        )
    number = 0
    while number < len(lines):
        start = number
        text = lines[number].rstrip("\r")
        number += 1
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if not found:
            if not re.fullmatch(r"[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*", text):
                yield Problem(Span(file.path, start + 1), "not of the form NAME=value", PROVIDES, file.role)
            continue
        name, value = found[1], found[2]
        if value[:1] in ("'", '"', "`"):
            quote = value[0]
            while not _closed(value, quote) and number < len(lines) and number - start < 200:
                value += "\n" + lines[number].rstrip("\r")
                number += 1
            value = value[1 : _end(value, quote)]
        else:
            value = re.split(r"(?:^|[ \t])#", value)[0].rstrip()
        column = text.index(name) + 1
        at = Span(file.path, start + 1, column, start + 1, column + len(name) - 1)
        detail = EnvironmentGiven("env_file", None if name in offered else value)
        yield Symbol(Kind.ENVIRONMENT, Action.DEFINES, Exact(name), at, phase="file", role=file.role, detail=detail)


def _end(value: str, quote: str) -> int:
    place = 1
    while place < len(value):
        if value[place] == "\\" and quote == '"':
            place += 1
        elif value[place] == quote:
            return place
        place += 1
    return len(value)


def _closed(value: str, quote: str) -> bool:
    return _end(value, quote) < len(value)
