"""What becomes of an error in an asynchronous handler: Express catches it from version 5 on."""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import within
from roadworthy.model.detail.code import AsyncHandler, ErrorsKept, HandlerJudged, HandlerUse, RejectionsCaught
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_MAJOR = re.compile(r"[\^~=v ]*(\d+)(?:[.\s|x*-].*)?")
_SPENT = AsyncHandler | ErrorsKept | HandlerUse | RejectionsCaught


def derive(draft: Draft) -> None:
    """Judge each handler by the version of Express its package asks for; what only this step needs is dropped."""
    kept = [s for s in draft.symbols if not isinstance(s.detail, _SPENT)]
    if len(kept) == len(draft.symbols):
        return
    handlers = [s for s in draft.symbols if isinstance(s.detail, AsyncHandler)]
    uses: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    versions: dict[str, Symbol] = {}
    folders: set[str] = set()
    for symbol in draft.symbols:
        match symbol.detail:
            case Dependency(ecosystem="npm") if symbol.role is FileRole.PROD:
                folders.add(symbol.at.path.rpartition("/")[0])
                if str(symbol.name) == "express" and symbol.phase == "run":
                    versions[symbol.at.path.rpartition("/")[0]] = symbol
    caught: dict[str, Symbol] = {}
    for symbol in draft.symbols:
        package = within(symbol.at.path, folders) if isinstance(symbol.detail, HandlerUse | RejectionsCaught) else None
        if package is None:
            continue
        if isinstance(symbol.detail, RejectionsCaught):
            caught.setdefault(package, symbol)
        else:
            uses[package, str(symbol.name)].append(symbol)
    keeping = _keeping(draft, folders)
    draft.symbols = kept
    for handler in handlers:
        package = within(handler.at.path, folders)
        if package is not None and package in versions:
            found = uses[package, str(handler.name)]
            draft.symbols += _judged(handler, versions[package], caught.get(package), found, keeping[package])


def _keeping(draft: Draft, folders: set[str]) -> dict[str, set[str]]:
    """Return, by package, the names of functions of which none of that name lets an error out."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for symbol in draft.symbols:
        if isinstance(symbol.detail, ErrorsKept) and (package := within(symbol.at.path, folders)) is not None:
            known = found[package].get(str(symbol.name), True)
            found[package][str(symbol.name)] = known and symbol.detail.kept
    return defaultdict(set, {package: {n for n, kept in names.items() if kept} for package, names in found.items()})


def _judged(
    handler: Symbol, version: Symbol, caught: Symbol | None, uses: list[Symbol], keeping: set[str]
) -> Iterator[Symbol]:
    detail = handler.detail
    if not isinstance(detail, AsyncHandler) or not isinstance(version.detail, Dependency):
        return
    asked = version.detail.specifier
    found = _MAJOR.fullmatch(asked)
    used_at: Span | None = None
    if not detail.inline:
        bare = [use for use in uses if isinstance(use.detail, HandlerUse) and not use.detail.wrapped]
        if not bare:
            return
        used_at = bare[0].at
    state, why = "lost", ""
    if detail.guarded or caught is not None or (found is not None and int(found[1]) >= 5):
        state = "caught"
    elif detail.awaits and keeping.issuperset(detail.awaits):
        state, why = "unclear", f"`{detail.awaits[0]}`, for which it waits, keeps its errors"
    elif found is None:
        state, why = "unclear", f"`{asked}` may be any version of Express"
    elif any(isinstance(use.detail, HandlerUse) and use.detail.wrapped for use in uses):
        state, why = "unclear", f"another function takes a handler named `{handler.name}` as well"
    judged = HandlerJudged(state, why, asked, version.at, used_at)
    at = detail.awaits_at if state == "lost" and detail.awaits_at is not None else handler.at
    yield Symbol(Kind.CONSTRUCT, Action.REFERS, handler.name, at, handler.component, role=handler.role, detail=judged)
