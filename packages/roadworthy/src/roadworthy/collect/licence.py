"""Licence files: whether they say what others may do."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.document import LicenceText
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.DOCUMENT})

_NAME = re.compile(
    r"(?:licen[cs]es?/.+|(?:.*[-_])?(?:licen[cs]e|copying|unlicense|copyright|notice)(?:[-_.].*)?)", re.IGNORECASE
)
_GRANTS = re.compile(r"licen[cs]e|copyright|rights|permission|public domain|proprietary|confidential", re.IGNORECASE)


def wants(path: str) -> bool:
    """Files named for a licence, at the root or in a folder of licences."""
    return (
        path.count("/") < 2 and _NAME.fullmatch(path) is not None and not path.endswith((".py", ".js", ".ts", ".json"))
    )


def recognises(file: SourceFile) -> bool:
    """Every file of such a name is one."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield that the licence is there, and whether it says anything."""
    detail = LicenceText(_GRANTS.search(file.text) is not None)
    yield Symbol(Kind.DOCUMENT, Action.DEFINES, Exact(file.path), Span(file.path), role=file.role, detail=detail)
