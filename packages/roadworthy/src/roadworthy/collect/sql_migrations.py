"""Migrations in SQL, Prisma's among them: their order, and what in them cannot be taken back."""

import posixpath
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.release import MigrationStep
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.sql_harm import placed

PROVIDES = frozenset({Kind.COLUMN})

_FOLDER = re.compile(r"(?:^|/)(?:[\w-]*migrations?|db/migrate|changelog|drizzle|versions)(?:/|$)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:V?\d[\w.]*?(?:__|_|-|\.)|\d+\.sql$)", re.IGNORECASE)
_BACK = re.compile(r"(?:^|[._-])(?:down|rollback|revert|undo)\.sql$|^U\d|^\d+\.(?:undo|down)\.", re.IGNORECASE)
_BACK_SECTION = re.compile(
    r"^--\s*(?:\+goose Down|migrate:down|\+migrate Down|@UNDO|rollback\b).*", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


def wants(path: str) -> bool:
    """SQL files in a folder of migrations."""
    return path.endswith(".sql") and _FOLDER.search(posixpath.dirname(path)) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise those that bear a number, the way back left out."""
    prisma = file.name == "migration.sql"
    return (prisma or bool(_NUMBERED.match(file.name))) and not _BACK.search(file.name)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the migration and each step of it that does harm."""
    prisma = file.name == "migration.sql"
    revision = file.folder.rpartition("/")[2] if prisma else file.name
    group = file.folder.rpartition("/")[0] if prisma else file.folder

    def says(harm: str, name: str, at: Span) -> Symbol:
        detail = MigrationStep("prisma" if prisma else "sql", harm, group, _ordered(revision))
        return Symbol(Kind.COLUMN, Action.DEFINES, Exact(name), at, "", "migration", file.role, detail)

    yield says("", revision, Span(file.path))
    text = _BACK_SECTION.sub("", file.text)
    for harm, name, start, end in placed(text):
        yield says(harm, name, _span(file, text, start, end))


def _ordered(revision: str) -> str:
    """Return a name that sorts as the numbers in it do."""
    return re.sub(r"\d+", lambda found: found[0].zfill(20), revision)


def _span(file: SourceFile, text: str, start: int, end: int) -> Span:
    line = text.count("\n", 0, start) + 1
    last = text.count("\n", 0, max(end - 1, start)) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    ending = max(end - 1, start) - (text.rfind("\n", 0, max(end - 1, start)) + 1) + 1
    return Span(file.path, line, column, last, max(ending, 1))
