"""Files that keep parts of a build context out of the image: `.dockerignore` and `<Dockerfile>.dockerignore`."""

import posixpath
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.FILE})


def wants(path: str) -> bool:
    """Files of these names."""
    name = path.rpartition("/")[2]
    return name in (".dockerignore", ".containerignore") or name.endswith(".dockerignore")


def claims(path: str) -> bool:
    """A file of such a name is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return wants(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each pattern, in order: the last one that matches a path decides."""
    for number, line in enumerate(file.text.removeprefix("\ufeff").split("\n"), start=1):
        if line.startswith("#"):
            continue
        written = line.strip()
        keeps = written.startswith("!")
        bare = written.removeprefix("!").strip()
        if not bare:
            continue
        pattern = posixpath.normpath(bare).replace("\\", "/").lstrip("/")
        column = len(line) - len(line.lstrip()) + 1
        at = Span(file.path, number, column, number, column + len(written) - 1)
        detail = IgnoreRule(pattern, keeps, number)
        yield Symbol(Kind.FILE, Action.REFERS, Exact(bare), at, phase="build", role=file.role, detail=detail)
