"""Uploads that JavaScript code writes to its own disk: `multer({ dest: "uploads/" })`, `multer.diskStorage({ … })`."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_CALLS = frozenset({"multer", "multer.default", "multer.diskStorage", "multer.default.diskStorage"})
_FOLDER = re.compile(r"\b(?:dest|destination)\s*:\s*[\"'`]([^\"'`$]+)[\"'`]")
_TEMPORARY = re.compile(r"(?:^|/)(?:tmp|temp)(?:/|$)|tmpdir|unlink|\brm\(|rename\(")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that takes uploads and keeps them."""
    if "multer" not in file.text or _TEMPORARY.search(file.text) or is_tool(file.path):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each place where uploads go to a folder with a fixed name."""
    module = javascript.module(file)
    for call in module.calls:
        text = module.text(call.node)
        found = _FOLDER.search(text) if call.name in _CALLS and len(text) < 4000 else None
        nested = call.name in ("multer", "multer.default") and "diskStorage" in text
        if found is None or nested:
            continue
        folder = found[1].rstrip("/") if found[1].startswith("/") else ""
        detail = StateKept("disk", "uploads", folder)
        yield Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(call.name), module.span(call.node), role=file.role, detail=detail
        )
