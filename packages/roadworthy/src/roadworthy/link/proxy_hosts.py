"""Which component answers to a host that a proxy names."""

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches

from roadworthy.link.draft import Draft
from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_ANSWERING = frozenset({ComponentKind.SERVICE, ComponentKind.OTHER, ComponentKind.PROXY, ComponentKind.MONITORING})


@dataclass(frozen=True)
class Answering:
    """A component that answers to a name; `ports` are those its Service opens, empty where it is asked itself."""

    component: str
    ports: dict[str, Span]


class Hosts:
    """The names under which components answer."""

    def __init__(self, draft: Draft) -> None:
        self._names: dict[str, list[Symbol]] = defaultdict(list)
        self._patterns: list[Symbol] = []
        self._workloads = [
            (s, s.detail) for s in draft.of(Kind.SERVICE, Action.DEFINES) if isinstance(s.detail, Workload)
        ]
        for symbol in draft.of(Kind.HOST, Action.DEFINES):
            if isinstance(symbol.detail, HostName):
                if isinstance(symbol.name, Exact):
                    self._names[symbol.name.text].append(symbol)
                elif "*" not in str(symbol.name).partition(".")[0]:
                    self._patterns.append(symbol)
        self._service_ports: dict[str, dict[str, Span]] = defaultdict(dict)
        for symbol in draft.of(Kind.PORT, Action.DEFINES):
            if isinstance(symbol.detail, PortUse) and symbol.detail.by == "service port":
                self._service_ports[symbol.detail.host].setdefault(str(symbol.name), symbol.at)
        self._components = {component.id: component for component in draft.components}
        self._opens = [o for o in draft.opens if o.kind is Kind.HOST]
        self._host_network = {
            s.component for s in draft.of(Kind.SETTING, Action.DEFINES) if str(s.name) == "network_mode"
        }

    def answering(self, name: str, path: str, through: str) -> list[Answering]:
        """Return the components that answer to a name; of several, those of the proxy's own deployment."""
        found = self._names.get(name) or [s for s in self._patterns if s.name.matches(name)]
        artifacts = self._artifacts(through)
        own = [s for s in found if not artifacts or self._artifact(s) in artifacts] or found
        files = {s.at.path for s, w in self._workloads if s.component == through} or {path}
        own = [s for s in own if s.at.path in files or (files and self._artifact(s) == "kubernetes")] or own
        here = [s for s in own if s.role is FileRole.PROD] or own
        out: dict[str, Answering] = {}
        for symbol in here:
            host = symbol.detail
            if not isinstance(host, HostName):
                continue
            ports = self._service_ports.get(name.partition(".")[0], {}) if host.by == "Service" else {}
            for component in [host.component] if host.component else self._selected(host):
                out.setdefault(component, Answering(component, ports))
        return list(out.values()) or ([Answering("", {})] if here else [])

    def _artifact(self, symbol: Symbol) -> str:
        return "kubernetes" if isinstance(symbol.detail, HostName) and symbol.detail.by == "Service" else "compose"

    def _artifacts(self, through: str) -> set[str]:
        return {w.artifact for s, w in self._workloads if through and s.component == through}

    def _selected(self, host: HostName) -> list[str]:
        return sorted(
            {
                s.component
                for s, w in self._workloads
                if host.selector and w.form not in ("sidecar", "init") and set(host.selector) <= set(w.labels)
            }
        )

    def doubt(self, through: str) -> str:
        """Return why more names may be answered than are seen, "" where that cannot be."""
        if through in self._host_network:
            return f"`{through}` has the network of its host"
        return next((o.reason for o in self._opens if o.component in ("", through)), "")

    def closed(self, through: str) -> bool:
        """Tell whether all that a proxy can reach by a single name is declared here: compose starts it, and nothing else."""
        return self._artifacts(through) == {"compose"}

    def alone(self, through: str) -> bool:
        """Tell whether a container of compose holds nothing but a proxy, in a network of its own."""
        component = self._components.get(through)
        return (
            component is not None
            and component.kind is ComponentKind.PROXY
            and self.closed(through)
            and not component.sources
            and through not in self._host_network
        )

    def all_services(self) -> list[tuple[str, Span, str]]:
        """Return every name of compose services of ours, its place and the component."""
        return [
            (name, s.at, s.detail.component)
            for name, symbols in sorted(self._names.items())
            for s in symbols
            if isinstance(s.detail, HostName) and s.detail.by == "compose service" and s.role is FileRole.PROD
        ]

    def alike(self, name: str, path: str) -> list[tuple[str, Span]]:
        """Return the names of serving components most like one that nobody answers to."""
        known = {
            other: symbols[0].at
            for other, symbols in self._names.items()
            if "." not in other and any(self._serves(s) for s in symbols)
        }
        close = get_close_matches(name, known, 3, 0.6)
        flat = name.replace("-", "").replace("_", "").lower()
        close += [o for o in known if o not in close and (flat in o.lower() or o.lower() in flat)]
        return [(other, known[other]) for other in close[:3]]

    def _serves(self, symbol: Symbol) -> bool:
        host = symbol.detail
        if not isinstance(host, HostName) or symbol.role is not FileRole.PROD:
            return False
        component = self._components.get(host.component)
        return host.by == "Service" or (component is not None and component.kind in _ANSWERING)
