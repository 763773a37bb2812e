"""Programs that make backups, called by code: `subprocess.run(["pg_dump", …])`, `spawn("mongodump")`, `sh.pg_dump(…)`."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.backup import BackupCoded
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.JOB})

_ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_PRODUCTS = {
    **dict.fromkeys(("pg_dump", "pg_dumpall", "pg_basebackup"), "postgres"),
    **dict.fromkeys(("mysqldump", "mariadb-dump", "xtrabackup", "mariabackup"), "mysql"),
    "mongodump": "mongodb",
}
_TOOL = "|".join(sorted(_PRODUCTS, key=len, reverse=True))
_STARTS = re.compile(r"subprocess|os\.system|\bPopen\b|\bsh\b|child_process|execa|\bzx\b|\bspawn")
_CALLED = re.compile(
    rf"""["'`](?:[\w./-]*/)?({_TOOL})(?=["'`\s])(?!["'`]\s*:)|\bfrom\s+sh\s+import\s+[^\n]*?\b({_TOOL})\b|\bsh\.({_TOOL})\b"""
)
_REMARK = re.compile(r"^\s*(?:#|//|\*)")
_LARGEST = 200_000


def wants(path: str) -> bool:
    """Python and JavaScript."""
    return path.endswith(_ENDINGS)


def recognises(file: SourceFile) -> bool:
    """Recognise code that names such a program and starts others."""
    text = file.text
    return len(text) < _LARGEST and any(tool in text for tool in _PRODUCTS) and _STARTS.search(text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each call."""
    for number, line in enumerate(file.text.splitlines(), 1):
        found = None if _REMARK.match(line) else _CALLED.search(line)
        if found is not None:
            tool = found[1] or found[2] or found[3]
            at = Span(file.path, number, found.start() + 1, number, found.end() + 1)
            yield Symbol(Kind.JOB, Action.REFERS, Exact(tool), at, role=file.role, detail=BackupCoded(_PRODUCTS[tool]))
