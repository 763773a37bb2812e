"""Which compose files are for developers, although their names do not say so."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.detail.exposure import ForDevelopment
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_PRODUCTION = re.compile(r"prod(uction)?\b|deploy|release|live", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"[.-](dev|develop\w*|local|debug|build|ci|test\w*|e2e)([.-]|$)", re.IGNORECASE)
_CODE = re.compile(r"(^|/)(src|app|backend|server|api|frontend|web|client|code)$")


def derive(draft: Draft) -> None:
    """Mark compose files beside one for production, and those that put the source tree into their containers."""
    paths = sorted({a.path for a in draft.artifacts if a.kind == "compose/file"})
    for path in paths:
        for why, at in _signs(draft, path, paths):
            draft.symbols.append(Symbol(Kind.SETTING, Action.DEFINES, Exact(path), at, detail=ForDevelopment(why)))
            break


def _signs(draft: Draft, path: str, paths: list[str]) -> Iterator[tuple[str, Span]]:
    folder, _, name = path.rpartition("/")
    if _DEVELOPMENT.search(name):
        yield "its name says so", Span(path)
    for other in paths:
        beside = other.rpartition("/")[0] == folder or folder == ""
        if other != path and beside and _PRODUCTION.search(other) and not _PRODUCTION.search(path):
            yield f"{other} is the one for production", Span(path)
    built = {
        s.component: s.detail.context
        for s in draft.of(Kind.SERVICE, Action.DEFINES)
        if isinstance(s.detail, Workload) and s.at.path == path and s.detail.context is not None
    }
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        if symbol.at.path != path or not isinstance(symbol.detail, Mount) or symbol.component not in built:
            continue
        source = str(symbol.name).rstrip("/").removeprefix("./").removesuffix(".")
        context = (built[symbol.component] or "").removesuffix(".")
        if source == context or (_CODE.search(source) and not symbol.detail.read_only):
            yield f"`{source or '.'}` is mounted over what was built", symbol.at
