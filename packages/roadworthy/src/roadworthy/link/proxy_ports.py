"""Which ports a component listens on that runs nginx with a configuration of this repository."""

from collections import defaultdict

from roadworthy.link import proxy_files
from roadworthy.link.draft import Draft
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import FileRole

# Where a file takes the place of what the image itself listens with; beside it, port 80 stays open.
_INSTEAD = ("/nginx.conf", "/default.conf", "/default.conf.template", "/conf.d", "/templates")


def derive(draft: Draft) -> None:
    """Add the ports of each server block to the component that holds the file; drop what only this needs."""
    listening: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in draft.of(Kind.PORT, Action.DEFINES):
        if isinstance(symbol.detail, PortUse) and symbol.detail.name == "nginx" and symbol.phase == "script":
            listening[symbol.at.path].append(symbol)
    if not listening:
        return
    targets = _targets(draft)
    found: dict[tuple[str, str], Symbol] = {}
    for path, holders in proxy_files.bound(draft).items():
        for holder in holders:
            if holder.role is not FileRole.PROD or not targets.get(holder.at, "").rstrip("/").endswith(_INSTEAD):
                continue
            for symbol in listening.get(path, ()):
                if isinstance(symbol.name, Exact):
                    key = (holder.component, symbol.name.text)
                    detail = PortUse("code", name="nginx")
                    found.setdefault(
                        key,
                        Symbol(
                            Kind.PORT,
                            Action.DEFINES,
                            symbol.name,
                            symbol.at,
                            holder.component,
                            "run",
                            symbol.role,
                            detail,
                        ),
                    )
                else:
                    draft.opens.append(Open(Kind.PORT, holder.component, str(symbol.name), symbol.at))
    stated = {id(symbol) for symbols in listening.values() for symbol in symbols}
    draft.symbols = [symbol for symbol in draft.symbols if id(symbol) not in stated]
    draft.symbols += found.values()


def _targets(draft: Draft) -> dict[Span, str]:
    """Return where files are copied or mounted to, by the place that says so."""
    found: dict[Span, str] = {}
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        match symbol.detail:
            case CopySource(destination=str(destination)):
                found[symbol.at] = destination
            case Mount(target=target):
                found[symbol.at] = target
    return found
