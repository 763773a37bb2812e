"""Lengths of time that start commands set for their servers."""

import re

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.pool import TimeBound
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_OPTIONS = (
    (re.compile(r"\bgunicorn\b.*?\s(?:--timeout[ =]|-t )(\d{1,6})\b"), "gunicorn --timeout", "server"),
    (re.compile(r"\bgunicorn\b.*?\s--keep-alive[ =](\d{1,6})\b"), "gunicorn --keep-alive", "keep-alive"),
    (re.compile(r"\buvicorn\b.*?\s--timeout-keep-alive[ =](\d{1,6})\b"), "uvicorn --timeout-keep-alive", "keep-alive"),
)
_WORKING = re.compile(r"worker|task|job|celery|script|migrat|cli\b|cron|backup|seed|test|export|import", re.IGNORECASE)


def derive(draft: Draft) -> None:
    """Add the bounds of start commands; drop those of code that does not answer requests."""
    found: dict[tuple[str, str, Span], Symbol] = {}
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if (
            not isinstance(use, CommandUse)
            or use.purpose not in ("command", "entrypoint", "script")
            or not symbol.component
        ):
            continue
        text = " ".join(use.words)
        for option, name, layer in _OPTIONS:
            if match := option.search(text):
                # Nought means: never.
                seconds = float(match[1]) or 1e9
                found[symbol.component, name, symbol.at] = Symbol(
                    Kind.SETTING, Action.DEFINES, Exact(name), symbol.at, symbol.component, role=symbol.role,
                    detail=TimeBound(layer, seconds),
                )  # fmt: skip
    draft.symbols = [s for s in draft.symbols if not (isinstance(s.detail, TimeBound) and _WORKING.search(s.at.path))]
    draft.symbols += found.values()
