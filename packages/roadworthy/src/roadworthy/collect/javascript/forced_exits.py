"""How long JavaScript waits before it stops by force: `setTimeout(() => process.exit(1), 20_000)` once it is told to stop."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.stopping import Drained
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.SETTING})

_EXIT = re.compile(r"process\.(?:exit|abort)\(|process\.kill\(")
_DELAY = re.compile(r",\s*((?:\d[\d_]*\s*\*\s*)*\d[\d_]*)\s*,?\s*\)$")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that is told to stop and sets itself a limit."""
    words = ("SIGTERM", "setTimeout", "process.")
    if not all(word in file.text for word in words) or is_tool(file.path):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each such limit of a second or more."""
    module = javascript.module(file)
    for call in module.calls:
        if call.name != "setTimeout":
            continue
        text = module.text(call.node)
        delay = _DELAY.search(text) if len(text) < 4000 and _EXIT.search(text) else None
        if delay is None:
            continue
        product = 1
        for number in delay[1].replace("_", "").split("*"):
            product = min(product * int(number[:9]), 10**9)
        if product >= 1000:
            detail = Drained("node", product // 1000)
            yield Symbol(
                Kind.SETTING, Action.DEFINES, Exact(call.name), module.span(call.node), role=file.role, detail=detail
            )
