"""What compose files say together: an override changes a base, a service extends one of another file.

The production model is the base with its production overlays (`docker-compose.prod.yml`). A base beside a production
file that stands alone is for development, and so is `compose.override.yml`, by its role.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.volume import FileUse, Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_BASE = re.compile(r"(docker-)?compose\.ya?ml")
_PRODUCTION = re.compile(r"(docker-)?compose[-_.](prod|production|deploy|live|release)\.ya?ml")
_MERGED = frozenset({Kind.ENVIRONMENT, Kind.COMMAND, Kind.IMAGE, Kind.VOLUME, Kind.SERVICE})
_MAXIMUM_EXTENDS = 8

_Key = tuple[Kind, Action, str, str, str]


def derive(draft: Draft) -> None:
    """Give every service what it extends, put what overlays replace out of force, and settle what is for production."""
    files = {artifact.path for artifact in draft.artifacts if artifact.kind == "compose/file"}
    if not files:
        return
    _extend(draft, files)
    for base in sorted(path for path in files if _BASE.fullmatch(path.rpartition("/")[2])):
        folder = base.rpartition("/")[0]
        beside = sorted(p for p in files if p != base and p.rpartition("/")[0] == folder)
        production = [p for p in beside if _PRODUCTION.fullmatch(p.rpartition("/")[2])]
        alone = [path for path in production if _stands_alone(draft, path)]
        if alone:
            _demote(draft, base)
        else:
            for overlay in production:
                _override(draft, base, overlay)


def _services(draft: Draft, path: str) -> list[tuple[Symbol, Workload]]:
    return [
        (symbol, symbol.detail)
        for symbol in draft.symbols
        if symbol.at.path == path and symbol.action is Action.DEFINES and isinstance(symbol.detail, Workload)
    ]


def _stands_alone(draft: Draft, path: str) -> bool:
    found = _services(draft, path)
    return bool(found) and all(workload.image or workload.context is not None for _, workload in found)


def _demote(draft: Draft, path: str) -> None:
    draft.symbols[:] = [
        replace(s, role=FileRole.DEV) if s.at.path == path and s.role is FileRole.PROD else s for s in draft.symbols
    ]


def _key(symbol: Symbol) -> _Key | None:
    """Return what makes two statements about one service exclude one another; None where both count."""
    if symbol.kind not in _MERGED or not symbol.component:
        return None
    name, more = str(symbol.name), symbol.phase
    match symbol.kind:
        case Kind.COMMAND:
            name, more = "", getattr(symbol.detail, "purpose", "")
        case Kind.IMAGE:
            name = ""
        case Kind.VOLUME if isinstance(symbol.detail, Mount):
            name = symbol.detail.target
        case Kind.ENVIRONMENT if symbol.action is Action.REFERS:
            return None
        case Kind.SERVICE if isinstance(symbol.detail, Workload):
            return None
    return (symbol.kind, symbol.action, symbol.component, name, more)


def _override(draft: Draft, base: str, overlay: str) -> None:
    keys = {key for s in draft.symbols if s.at.path == overlay and (key := _key(s)) is not None}
    draft.symbols[:] = [s for s in draft.symbols if s.at.path != base or _key(s) not in keys]


def _extend(draft: Draft, files: Iterable[str]) -> None:
    for _ in range(_MAXIMUM_EXTENDS):
        by_service: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
        for symbol in draft.symbols:
            if symbol.component and symbol.at.path in files:
                by_service[symbol.at.path, symbol.component].append(symbol)
        waiting = [
            s
            for s in draft.symbols
            if s.kind is Kind.SERVICE and isinstance(s.detail, FileUse) and s.detail.by == "extends"
        ]
        if not waiting:
            return
        done = {id(s) for s in waiting}
        draft.symbols[:] = [s for s in draft.symbols if id(s) not in done]
        for symbol in waiting:
            path, _, service = str(symbol.name).rpartition("#")
            _inherit(draft, symbol, by_service[path, service], by_service[symbol.at.path, symbol.component])


def _inherit(draft: Draft, heir: Symbol, given: list[Symbol], own: list[Symbol]) -> None:
    keys = {key for s in own if (key := _key(s)) is not None}
    for symbol in given:
        if isinstance(symbol.detail, Workload):
            _complete(draft, heir, symbol.detail)
            continue
        inherited = replace(symbol, component=heir.component, role=heir.role)
        if _key(inherited) not in keys or _key(inherited) is None:
            draft.symbols.append(inherited)


def _complete(draft: Draft, heir: Symbol, given: Workload) -> None:
    for index, symbol in enumerate(draft.symbols):
        own = symbol.detail
        if symbol.at.path == heir.at.path and symbol.component == heir.component and isinstance(own, Workload):
            detail = replace(
                own,
                image=own.image or given.image,
                context=own.context if own.context is not None else given.context,
                dockerfile=own.dockerfile or given.dockerfile,
                target=own.target or given.target,
                restart=own.restart or given.restart,
                replicas=own.replicas if own.replicas is not None else given.replicas,
            )
            draft.symbols[index] = replace(symbol, detail=detail)
