"""How many connections each component may hold, and how many its database gives out."""

import re
from collections import defaultdict
from math import prod

from roadworthy.link.draft import Draft
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.limit import ProcessesRun
from roadworthy.model.detail.pool import ConnectionsUsed, NumberSet, PoolSet
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_SIZE = re.compile(r"POOL_?(MAX_?)?SIZE|POOL_MAX|MAX_POOL|MAX_CONN")
_MAXIMUM = re.compile(r"max_connections[= ]+(\d{1,6})")
# What servers give out when nothing is said, less what they keep for administrators.
_DEFAULTS = {
    "postgres": (100, 3),
    "postgis": (100, 3),
    "timescaledb": (100, 3),
    "pgvector": (100, 3),
    "mysql": (151, 1),
}
_DEFAULTS["mariadb"] = (151, 1)
_SERVING = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER})


def derive(draft: Draft) -> None:
    """Add a statement for each component with a pool, beside what the one database of the deployment allows."""
    servers = [(c, found) for c in draft.components if c.role is FileRole.PROD and (found := _allowed(draft, c))]
    pools = [s for s in draft.symbols if isinstance(s.detail, PoolSet) and s.role is FileRole.PROD]
    if len(servers) != 1 or not pools:
        return
    server, (allowed, at, stated) = servers[0]
    pooled = _pooler(draft)
    for component in draft.components:
        own = [s for s in pools if s.component == component.id]
        if component.kind in _SERVING and own and component.role is FileRole.PROD:
            detail = _used(draft, component, own, allowed, at, stated=stated, pooled=pooled)
            draft.symbols.append(
                Symbol(Kind.SETTING, Action.DEFINES, Exact(server.id), own[0].at, component.id, detail=detail)
            )


def _pooler(draft: Draft) -> str:
    return next(
        (c.id for c in draft.components if "bouncer" in c.image or "pgpool" in c.image or "pgcat" in c.image), ""
    )


def _allowed(draft: Draft, component: Component) -> tuple[int, Span, bool] | None:
    if component.kind is not ComponentKind.STORE:
        return None
    kept = next((numbers for name, numbers in _DEFAULTS.items() if name in component.image), None)
    if kept is None:
        return None
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        if symbol.component == component.id and isinstance(symbol.detail, CommandUse):
            match = _MAXIMUM.search(" ".join(symbol.detail.words))
            if match:
                return int(match[1]) - kept[1], symbol.at, True
    return kept[0] - kept[1], component.declared[0], False


def _used(
    draft: Draft, component: Component, pools: list[Symbol], allowed: int, at: Span, *, stated: bool, pooled: str
) -> ConnectionsUsed:
    total, why = 0, f"`{pooled}` shares connections out" if pooled else ""
    sides: list[tuple[str, Span]] = []
    for symbol in pools:
        pool = symbol.detail
        if not isinstance(pool, PoolSet):
            continue
        size, size_at = _number(draft, component.id, pool.size, pool.variables[0])
        more, more_at = _number(draft, component.id, pool.overflow, pool.variables[1])
        if size is None or more is None:
            why = why or f"the size of the pool that {symbol.name} makes is not seen"
            continue
        total = max(total, size + more)
        sides += [
            (f"sets the pool to {number}", place) for number, place in ((size, size_at), (more, more_at)) if place
        ]
    counts: dict[str, list[tuple[int, Span]]] = defaultdict(list)
    for symbol in draft.of(Kind.SETTING, Action.DEFINES):
        if symbol.component == component.id and isinstance(symbol.detail, ProcessesRun):
            counts[str(symbol.name)].append((symbol.detail.most, symbol.at))
    for name, found in sorted(counts.items()):
        number, place = max(found)
        sides.append((f"runs up to {number} {name}", place))
    processes = prod(max(found)[0] for found in counts.values())
    return ConnectionsUsed(None if why else total, processes, allowed, at, stated, why, tuple(sides))


def _number(draft: Draft, component: str, number: int | None, variable: str) -> tuple[int | None, Span | None]:
    """Return a number as the deployment sets it, or its default."""
    if variable == "*":
        variable = _only_size(draft)
    if not variable:
        return number, None
    known = [
        s
        for s in draft.of(Kind.ENVIRONMENT, Action.DEFINES)
        if s.component == component and s.role is FileRole.PROD and _named(str(s.name), variable)
    ]
    # Replicas are set in the cluster: there its numbers count, and not those of a computer of the developers.
    known = [s for s in known if "compose" not in s.at.path.rpartition("/")[2]] or known
    for symbol in known:
        value = symbol.detail.value if isinstance(symbol.detail, EnvironmentGiven) else None
        return (int(value), symbol.at) if value is not None and value.isdecimal() and len(value) < 7 else (None, None)
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        if isinstance(symbol.detail, EnvironmentRead) and _named(str(symbol.name), variable):
            default = symbol.detail.default
            if default is not None and default.isdecimal() and len(default) < 7:
                return int(default), symbol.at
    for symbol in draft.of(Kind.CONSTRUCT, Action.DEFINES):
        if isinstance(symbol.detail, NumberSet) and _named(str(symbol.name), variable):
            return symbol.detail.number, symbol.at
    return number, None


def _only_size(draft: Draft) -> str:
    """Return the one field of the settings that is the size of a pool, "" where there are several or none."""
    names = {
        str(s.name)
        for s in draft.of(Kind.CONSTRUCT, Action.DEFINES)
        if isinstance(s.detail, NumberSet) and _SIZE.search(str(s.name)) and s.role is FileRole.PROD
    }
    return names.pop() if len(names) == 1 else ""


def _named(name: str, variable: str) -> bool:
    """Tell whether a variable is meant: the same name, or one with a prefix of its settings class."""
    return name == variable or name.endswith("_" + variable)
