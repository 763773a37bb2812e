"""Which compose files are for developers, although their names do not say so."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.exposure import ForDevelopment
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_PRODUCTION = re.compile(r"prod(uction)?\b|deploy|release|live", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"[.-](dev|develop\w*|local|debug|build|ci|test\w*|e2e)([.-]|$)", re.IGNORECASE)
_CODE = re.compile(r"(^|/)(src|app|backend|server|api|frontend|web|client|code)$")
# What takes mail and keeps it from its receivers.
_MAIL_CATCHER = re.compile(
    r"(^|/)(maildev|mailhog|mailpit|mailcatcher|smtp4dev|greenmail|mailtrap)([/:_-]|$)", re.IGNORECASE
)
_EMULATOR = re.compile(
    r"emulator|(^|/)(localstack|moto|motoserver|wiremock|mockserver|azurite)([/:_-]|$)", re.IGNORECASE
)
_SERVING = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER})


def derive(draft: Draft) -> None:
    """Mark compose files beside one for production, those that put the source tree into their containers or catch the
    mail, and those that start stores only, for a service that is started by hand."""
    starting = {s.at.path for s in draft.of(Kind.SERVICE, Action.DEFINES) if isinstance(s.detail, Workload)}
    paths = sorted({a.path for a in draft.artifacts if a.kind == "compose/file"} & starting)
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
        for_production = _PRODUCTION.search(other) and not _PRODUCTION.search(path)
        if other != path and beside and for_production and not _is_overlay(draft, other):
            yield f"{other} is the one for production", Span(path)
    started = [
        (s, s.detail)
        for s in draft.of(Kind.SERVICE, Action.DEFINES)
        if isinstance(s.detail, Workload) and s.at.path == path
    ]
    yield from _stand_ins(draft, path, [s for s, _ in started])
    yield from _stores_only(draft, path, {s.component for s, _ in started})
    built = {s.component: workload.context for s, workload in started if workload.context is not None}
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        if symbol.at.path != path or not isinstance(symbol.detail, Mount) or symbol.component not in built:
            continue
        source = str(symbol.name).rstrip("/").removeprefix("./").removesuffix(".")
        context = (built[symbol.component] or "").removesuffix(".")
        if source == context or (_CODE.search(source) and not symbol.detail.read_only):
            yield f"`{source or '.'}` is mounted over what was built", symbol.at


def _is_overlay(draft: Draft, path: str) -> bool:
    """Tell whether a file adds to services that another one declares: it says of one neither image nor build."""
    return any(
        isinstance(s.detail, Workload) and s.at.path == path and not s.detail.image and s.detail.context is None
        for s in draft.of(Kind.SERVICE, Action.DEFINES)
    )


def _stand_ins(draft: Draft, path: str, started: list[Symbol]) -> Iterator[tuple[str, Span]]:
    images = [s for s in draft.of(Kind.IMAGE, Action.REFERS) if s.at.path == path]
    for symbol in (*started, *images):
        if _MAIL_CATCHER.search(str(symbol.name)):
            yield f"`{symbol.name}` keeps its mail from everybody", symbol.at
        elif _EMULATOR.search(str(symbol.name)):
            yield f"`{symbol.name}` stands in for the real one", symbol.at


def _stores_only(draft: Draft, path: str, started: set[str]) -> Iterator[tuple[str, Span]]:
    """A compose file without any service of ours, in a repository that holds one which no file deploys."""
    ours = [c for c in draft.components if c.ours and c.kind in _SERVING and c.role is FileRole.PROD]
    if ours and not any(c.id in started or _deployed(draft, c) for c in ours):
        yield f"it starts what `{ours[0].id}` needs, and not `{ours[0].id}` itself", Span(path)


def _deployed(draft: Draft, component: Component) -> bool:
    return any(
        s.component == component.id and isinstance(s.detail, Workload) and s.detail.artifact != "procfile"
        for s in draft.of(Kind.SERVICE, Action.DEFINES)
    )
