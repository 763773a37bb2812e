"""Code that brings the schema of its database up to date by itself."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open
from roadworthy.model.words import FileRole

PROVIDES = frozenset({Kind.FLAG})

_CODE = (".py", ".js", ".ts", ".mjs", ".cjs", ".mts")
_MIGRATES = re.compile(
    r"\bcommand\.upgrade\(|call_command\(\s*[\"']migrate|\b(?:umzug|migrator)\.up\(|\.migrate\.latest\(|\bmigrationsRun\s*:\s*true"
    r"|\brunMigrations\(|\bmigrate\(\s*db\b|[\"'](?:alembic|prisma)[\"']\s*,|\baerich\b.*\bupgrade\(|\.createSchema\("
)


def wants(path: str) -> bool:
    """Code files."""
    return path.endswith(_CODE)


def recognises(file: SourceFile) -> bool:
    """Recognise code that calls a migration tool."""
    text = file.text
    if "igrat" not in text and "alembic" not in text and "umzug" not in text:
        return False
    return _MIGRATES.search(text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield that migrations may run from here."""
    found = _MIGRATES.search(file.text)
    if found is not None and file.role is FileRole.PROD:
        line = file.text.count("\n", 0, found.start()) + 1
        column = found.start() - (file.text.rfind("\n", 0, found.start()) + 1) + 1
        yield Open(Kind.FLAG, "", "code that migrates by itself", Span(file.path, line, column))
