"""What stands between Prometheus and the Alertmanager deployed beside it."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.detail.alert import AlertDelivery, AlertRoute
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.prometheus import PrometheusConfiguration
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_PORT = "9093"


def derive(draft: Draft) -> None:
    """Add the addresses that lead nowhere, and the configuration that no Alertmanager sees."""
    servers = {
        component.id
        for component in draft.components
        if component.role is FileRole.PROD and "alertmanager" in component.image
    }
    if not servers:
        return
    found = [*_misdirected(draft, servers), *_unseen(draft, servers)]
    draft.symbols += found


def _misdirected(draft: Draft, servers: set[str]) -> Iterator[Symbol]:
    hosts = draft.of(Kind.HOST, Action.DEFINES)
    own = [s for s in hosts if isinstance(s.detail, HostName) and s.detail.component in servers]
    own = [s for s in own if isinstance(s.name, Exact)]
    if not own or any(opening.kind is Kind.HOST for opening in draft.opens):
        return
    moved = _says(draft, servers, "web.listen-address")
    for symbol in draft.of(Kind.CONSTRUCT, Action.DEFINES):
        detail = symbol.detail
        if not isinstance(detail, PrometheusConfiguration) or symbol.role is not FileRole.PROD:
            continue
        for address in detail.alerts_to or ():
            host, _, port = address.partition(":")
            if not re.fullmatch(r"[\w-]+", host) or host == "localhost":
                continue
            state = ""
            if not any(s.name.matches(host) for s in hosts):
                state = "no such host"
            elif port not in ("", _PORT) and any(s.name.matches(host) for s in own) and not moved:
                offered = [s for s in draft.of(Kind.PORT, Action.DEFINES) if _of(s, servers, host)]
                state = "" if any(s.name.matches(port) for s in offered) else "other port"
            if state:
                said = AlertDelivery(state, str(own[0].name), own[0].at)
                yield Symbol(Kind.RECEIVER, Action.REFERS, Exact(address), symbol.at, role=symbol.role, detail=said)


def _of(symbol: Symbol, servers: set[str], host: str) -> bool:
    return symbol.component in servers or (isinstance(symbol.detail, PortUse) and symbol.detail.host == host)


def _says(draft: Draft, servers: set[str], option: str) -> bool:
    return any(
        isinstance(s.detail, CommandUse) and s.component in servers and option in " ".join(s.detail.words)
        for s in draft.of(Kind.COMMAND, Action.REFERS)
    )


def _unseen(draft: Draft, servers: set[str]) -> Iterator[Symbol]:
    roots = [
        s
        for s in draft.of(Kind.RECEIVER, Action.REFERS)
        if isinstance(s.detail, AlertRoute) and s.detail.parent < 0 and s.role is FileRole.PROD
    ]
    if len(roots) != 1 or _says(draft, servers, "config.file"):
        return
    path = roots[0].at.path
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.component not in servers or workload.artifact != "compose":
            continue
        mounts = [
            s.detail
            for s in (*draft.of(Kind.VOLUME, Action.REFERS), *draft.of(Kind.FILE, Action.REFERS))
            if isinstance(s.detail, Mount) and s.component == symbol.component
        ]
        hidden = any(o.kind is Kind.VOLUME and o.component in ("", symbol.component) for o in draft.opens)
        sees = any(
            "/etc/alertmanager" in m.target or (m.source and path.endswith(m.source.lstrip("./"))) for m in mounts
        )
        if not sees and not hidden and symbol.role is FileRole.PROD:
            said = AlertDelivery("not mounted", str(symbol.name), symbol.at)
            yield Symbol(Kind.RECEIVER, Action.REFERS, Exact(path), roots[0].at, role=roots[0].role, detail=said)
