"""Whether health checks and exec probes can fail when the service they ask refuses, and whether they ask that service."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.release import HealthJudged
from roadworthy.model.detail.workload import HostName
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.health_verdict import verdict

_HOST = re.compile(r"https?://([A-Za-z][\w.-]*)(?::\d+)?(?=[/\s\"')]|$)|(?:-h|--host[= ])\s*([A-Za-z][\w.-]*)")
_SERVING = frozenset({ComponentKind.SERVICE, ComponentKind.PROXY})
_LOCAL = frozenset({"localhost", "host.docker.internal"})


def derive(draft: Draft) -> None:
    """Add a statement for each health command."""
    draft.symbols += list(_judged(draft))


def _judged(draft: Draft) -> Iterator[Symbol]:
    serving = {component.id for component in draft.components if component.kind in _SERVING}
    listening = {
        key
        for s in draft.symbols
        if isinstance(s.detail, PortUse) and s.detail.by in ("ports", "containerPort", "expose")
        for key in ((s.component,) if s.detail.by != "expose" else (s.at.path,))
    }
    hosts: dict[str, Symbol] = {}
    for symbol in draft.of(Kind.HOST, Action.DEFINES):
        if isinstance(symbol.detail, HostName) and symbol.detail.component:
            hosts.setdefault(str(symbol.name), symbol)
    seen: set[tuple[object, ...]] = set()
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if not isinstance(use, CommandUse) or use.purpose not in ("healthcheck", "probe") or (symbol.at, use) in seen:
            continue
        seen.add((symbol.at, use))
        found = verdict(use.form, use.words)
        state, why, instead = found.state, found.why, found.instead
        if state == "alive":
            serves = symbol.component in serving and bool({symbol.component, symbol.at.path} & listening)
            state = "blind" if serves else "sound"
            instead = "ask the service for its health"
        other = _elsewhere(symbol, use, hosts)
        at = symbol.at
        if other is not None and state != "blind":
            state, instead = "elsewhere", "ask `localhost`"
            why, at = str(other.name), other.at
        if state:
            detail = HealthJudged(use.purpose, state, why, instead, " ".join(use.words)[:100], at)
            yield Symbol(
                Kind.COMMAND,
                Action.DEFINES,
                Exact("health"),
                symbol.at,
                symbol.component,
                "health",
                symbol.role,
                detail,
            )


def _elsewhere(symbol: Symbol, use: CommandUse, hosts: dict[str, Symbol]) -> Symbol | None:
    """Return the other service that a health command asks instead of its own."""
    names = [found[1] or found[2] for found in _HOST.finditer(" ".join(use.words))]
    if not names or not symbol.component:
        return None
    for name in names:
        other = hosts.get(name)
        if name.lower() in _LOCAL or "." in name or other is None or not isinstance(other.detail, HostName):
            return None
        if other.detail.component == symbol.component or other.at.path != symbol.at.path:
            return None
    return hosts[names[0]]
