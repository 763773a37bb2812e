"""`.gitignore`: what is made beside the sources and is therefore not in the repository."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.FILE})


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == ".gitignore"


def claims(path: str) -> bool:
    """A file of such a name is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return wants(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each pattern as it is written, in order."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        written = line.rstrip("\r\n ").removesuffix("\r")
        if not written or written.startswith("#"):
            continue
        at = Span(file.path, number, 1, number, len(written))
        detail = IgnoreRule(written, written.startswith("!"), number)
        yield Symbol(Kind.FILE, Action.REFERS, Exact(written), at, phase="source", role=file.role, detail=detail)
