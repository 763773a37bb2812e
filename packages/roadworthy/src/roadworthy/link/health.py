"""Which function answers each probe, and what its component relies on."""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentRead, UrlParts
from roadworthy.model.detail.health import HandlerRead, ProbeAnswered
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

# Packs whose probes answer 503 when a check they run fails, and ask nothing for liveness.
_PACKS = {"roadworthy_runtime": "the checks of roadworthy_runtime"}
_NAMED = {
    "ready": re.compile(r".*/(?:ready|readyz|readiness)"),
    "live": re.compile(r".*/(?:live|livez|liveness|alive)"),
}
_STORE_SCHEME = re.compile(r"postgres|mysql|mariadb|mongodb|mssql|cockroach|clickhouse", re.IGNORECASE)
_STORE_VARIABLE = re.compile(
    r"(?:\w+_)?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|MONGO|MONGODB)_?(?:URL|URI|DSN|HOST)"
)


def derive(draft: Draft) -> None:
    """Add what answers each path that a probe asks, or that by its name is there for one; drop what was not asked."""
    read: dict[str, list[tuple[Symbol, HandlerRead]]] = defaultdict(list)
    placed: dict[Span, tuple[Symbol, HandlerRead]] = {}
    for symbol in draft.symbols:
        if isinstance(symbol.detail, HandlerRead) and symbol.role is FileRole.PROD:
            read[str(symbol.name)].append((symbol, symbol.detail))
            if symbol.detail.route is not None:
                placed[symbol.detail.route] = (symbol, symbol.detail)
    asked = [
        (s, s.detail)
        for s in draft.of(Kind.PATH, Action.REFERS)
        if isinstance(s.detail, ProbeUse) and s.role is FileRole.PROD and isinstance(s.name, Exact)
    ]
    found: list[Symbol] = []
    if read or any(isinstance(s.detail, RouteServed) and s.detail.source in _PACKS for s in draft.symbols):
        stores = _stores(draft)
        found = [symbol for route in _routes(draft) for symbol in _answers(route, asked, read, placed, stores)]
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, HandlerRead)]
    draft.symbols += dict.fromkeys(found)


def _routes(draft: Draft) -> Iterator[Symbol]:
    for symbol in draft.of(Kind.PATH, Action.DEFINES):
        if isinstance(symbol.detail, RouteServed) and isinstance(symbol.name, Exact) and symbol.role is FileRole.PROD:
            yield symbol


def _answers(
    route: Symbol,
    asked: list[tuple[Symbol, ProbeUse]],
    read: dict[str, list[tuple[Symbol, HandlerRead]]],
    placed: dict[Span, tuple[Symbol, HandlerRead]],
    stores: dict[str, tuple[str, Span]],
) -> Iterator[Symbol]:
    served = route.detail
    if not isinstance(served, RouteServed) or not isinstance(route.name, Exact):
        return
    handler = _handler(route, served, read, placed)
    if handler is None:
        return
    symbol, what = handler
    path = route.name.text
    probes = [(s, use) for s, use in asked if _path(s) == path and (not s.component or s.component == route.component)]
    kinds = {use.kind for _, use in probes}
    relies_on, relies_at = stores.get(route.component, ("", None))
    for kind in sorted(kinds) or [k for k, pattern in _NAMED.items() if pattern.fullmatch(path)]:
        at = min((s.at for s, use in probes if use.kind == kind), default=None)
        detail = ProbeAnswered(
            kind,
            at,
            kinds <= {kind},
            "" if what.by_pack else f"{symbol.at.path}:{symbol.name}",
            what,
            relies_on,
            relies_at,
        )
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, route.name, symbol.at, route.component, detail=detail)


def _handler(
    route: Symbol,
    served: RouteServed,
    read: dict[str, list[tuple[Symbol, HandlerRead]]],
    placed: dict[Span, tuple[Symbol, HandlerRead]],
) -> tuple[Symbol, HandlerRead] | None:
    if served.source in _PACKS:
        asks = (_PACKS[served.source],) if _NAMED["ready"].fullmatch(str(route.name)) else ()
        return route, HandlerRead(constant=False, asks=asks, by_pack=True)
    if route.at in placed:
        return placed[route.at]
    candidates = read.get(served.handler.rpartition(".")[2], []) if served.handler else []
    here = [pair for pair in candidates if pair[0].at.path == route.at.path]
    chosen = here or candidates
    return chosen[0] if len({pair[0].at for pair in chosen}) == 1 else None


def _path(symbol: Symbol) -> str:
    text = str(symbol.name).partition("?")[0]
    return text if text.startswith("/") else f"/{text}"


def _stores(draft: Draft) -> dict[str, tuple[str, Span]]:
    """Return, by component, the variable that holds the address of its store, and the first place that shows it."""
    found: dict[str, tuple[str, Span]] = {}
    for symbol in draft.symbols:
        detail = symbol.detail
        given = isinstance(detail, UrlParts) and _STORE_SCHEME.match(detail.scheme)
        read = isinstance(detail, EnvironmentRead) and _STORE_VARIABLE.fullmatch(str(symbol.name))
        if (given or read) and symbol.role is FileRole.PROD and symbol.component:
            found.setdefault(symbol.component, (str(symbol.name), symbol.at))
    return found
