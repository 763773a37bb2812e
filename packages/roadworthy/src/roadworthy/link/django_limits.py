"""Limits of Django's views: the decorator says by what, another module whose address, the settings where it counts."""

from roadworthy.link.draft import Draft
from roadworthy.model.detail.django import CacheKept, CallerTold, ViewLimited
from roadworthy.model.detail.limit import LimitSet
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_LINKED = (CallerTold, ViewLimited)


def derive(draft: Draft) -> None:
    """Add one limiter for each way in which the views of a component tell callers apart; drop what only this needs."""
    limited = [(s, s.detail) for s in draft.symbols if isinstance(s.detail, ViewLimited) and s.role is FileRole.PROD]
    told = [(s, s.detail) for s in draft.symbols if isinstance(s.detail, CallerTold) and s.role is FileRole.PROD]
    caches = [s for s in draft.symbols if isinstance(s.detail, CacheKept) and s.detail.counts]
    found: dict[tuple[str, str], Symbol] = {}
    for symbol, limit in limited:
        cache = _cache(caches, symbol.component)
        storage = cache.detail.storage if cache is not None and isinstance(cache.detail, CacheKept) else "unknown"
        key, at = limit.key, symbol.at
        if limit.told_by:
            by = next((one for one in told if _is(one[0], limit.told_by, symbol.component)), None)
            key, at = (by[1].key, by[0].at) if by is not None else ("other", at)
        if storage == "memory" and cache is not None and key == "other":
            at = cache.at
        name, shown = "django-ratelimit", "" if storage != "unknown" else "CACHES"
        found.setdefault(
            (symbol.component, f"{key} {limit.told_by}"),
            Symbol(
                Kind.CONSTRUCT,
                Action.DEFINES,
                Exact(name),
                at,
                symbol.component,
                role=symbol.role,
                detail=LimitSet(storage, key, False, shown),
            ),
        )
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, _LINKED)]
    draft.symbols += found.values()


def _cache(caches: list[Symbol], component: str) -> Symbol | None:
    """Return the cache in which the views of a component count; none where several settings modules say different."""
    own = [s for s in caches if s.component in ("", component) and s.role is FileRole.PROD]
    storages = {s.detail.storage for s in own if isinstance(s.detail, CacheKept)}
    return own[0] if len(storages) == 1 else None


def _is(function: Symbol, dotted: str, component: str) -> bool:
    module, _, name = dotted.rpartition(".")
    path = f"/{function.at.path.removesuffix('.py').removesuffix('/__init__')}"
    return (
        str(function.name) == name
        and path.endswith("/" + module.replace(".", "/"))
        and function.component in ("", component)
    )
