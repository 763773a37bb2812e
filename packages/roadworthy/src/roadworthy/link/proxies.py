"""Where the requests of reverse proxies end: which component answers, on which port, under which limits."""

from collections import defaultdict
from dataclasses import replace

from roadworthy.link import proxied_paths, proxy_files
from roadworthy.link.draft import Draft
from roadworthy.link.proxy_hosts import Hosts
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.proxy import ProxyDefaults, ProxyRoute, ProxyTarget
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import nginx_pass

_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal")  # noqa: S104 - names that are compared


def derive(draft: Draft) -> None:
    """Add a statement for every server a proxy passes requests to."""
    routes = [s for s in draft.symbols if isinstance(s.detail, ProxyRoute)]
    if not routes:
        return
    bound = proxy_files.bound(draft)
    hosts, ports, served = Hosts(draft), _Ports(draft), proxied_paths.Served(draft)
    found: dict[tuple[Span, str, str], Symbol] = {}
    for symbol in routes:
        holders = bound.get(symbol.at.path, [])
        route = symbol.detail
        if not isinstance(route, ProxyRoute):
            continue
        role = proxy_files.role_of(symbol, holders)
        through = symbol.component or next((h.component for h in holders if h.role is role), "")
        symbol, route = _filled(draft, symbol, route, through)
        route = _with_defaults(draft, route, symbol.at.path, through, bound)
        told = _judge(symbol, route, through, hosts, ports, served, certain=bool(holders) or route.proxy != "nginx")
        for component, target in told:
            found[symbol.at, component, target.state] = Symbol(
                Kind.HOST, Action.REFERS, symbol.name, symbol.at, component, role=role, detail=target
            )
    draft.symbols += found.values()


def _filled(draft: Draft, symbol: Symbol, route: ProxyRoute, through: str) -> tuple[Symbol, ProxyRoute]:
    """Put in what the environment of the proxy gives for the variables of a template."""
    if not route.template or not through:
        return symbol, route
    given = {
        str(s.name): s.detail.value
        for s in draft.of(Kind.ENVIRONMENT, Action.DEFINES)
        if s.component == through and isinstance(s.detail, EnvironmentGiven) and s.detail.value is not None
    }
    read = nginx_pass.passed(nginx_pass.filled(route.template, given), route.scheme)
    if read is None:
        return symbol, route
    path = read.path if route.form != "regex" and not route.upstream else None
    return replace(symbol, name=Exact(read.host)), replace(route, scheme=read.scheme, port=read.port, path=path)


def _with_defaults(
    draft: Draft, route: ProxyRoute, path: str, through: str, bound: dict[str, list[proxy_files.Holder]]
) -> ProxyRoute:
    """Fill in what another file of the same proxy says for all of its servers."""
    if route.proxy != "nginx" or not through:
        return route
    for symbol in draft.of(Kind.SETTING, Action.DEFINES):
        own = symbol.detail
        if not isinstance(own, ProxyDefaults) or symbol.at.path == path or not own.includes:
            continue
        if any(holder.component == through for holder in bound.get(symbol.at.path, [])):
            if route.body_bytes is None:
                route = replace(route, body_bytes=own.body_bytes, body_at=own.body_at)
            if route.read_seconds is None:
                route = replace(route, read_seconds=own.read_seconds, read_at=own.read_at)
            route = replace(route, limited=route.limited or own.limited)
    return route


def _judge(
    symbol: Symbol,
    route: ProxyRoute,
    through: str,
    hosts: Hosts,
    ports: "_Ports",
    served: "proxied_paths.Served",
    *,
    certain: bool,
) -> list[tuple[str, ProxyTarget]]:
    """Return, for each component that answers, what becomes of the requests."""
    if not isinstance(symbol.name, Exact):
        return [("", ProxyTarget(route, "unclear", through, str(symbol.name)))]
    name = symbol.name.text
    if name in _LOCAL:
        return _local(route, through, hosts, ports, certain=certain)
    found = hosts.answering(name, symbol.at.path, through)
    if found:
        return [(host.component, _met(route, through, host.component, host.ports, ports, served)) for host in found]
    if "." in name or name.startswith("["):
        return []
    doubt = hosts.doubt(through)
    alike = hosts.alike(name, symbol.at.path)
    if doubt or not (alike or (certain and hosts.closed(through))):
        return [("", ProxyTarget(route, "unclear", through, doubt or f"nothing in the repository answers to `{name}`"))]
    return [("", ProxyTarget(route, "no host", through, nearest=tuple(alike)))]


def _local(
    route: ProxyRoute, through: str, hosts: Hosts, ports: "_Ports", *, certain: bool
) -> list[tuple[str, ProxyTarget]]:
    """Judge requests a proxy passes to its own host: in a container that holds nothing but the proxy nobody answers."""
    if not certain or not hosts.alone(through) or route.port is None:
        return [("", ProxyTarget(route, "unclear", through, "what runs beside the proxy is not seen"))]
    meant = [(name, at) for name, at, component in hosts.all_services() if str(route.port) in ports.certain(component)]
    if not meant:
        return [("", ProxyTarget(route, "unclear", through, f"no service is seen to listen on {route.port}"))]
    return [("", ProxyTarget(route, "no host", through, "localhost", tuple(meant[:3])))]


def _met(
    route: ProxyRoute,
    through: str,
    component: str,
    opened: dict[str, Span],
    ports: "_Ports",
    served: "proxied_paths.Served",
) -> ProxyTarget:
    """Compare port and path of a request with what its component serves."""
    if route.port is not None and route.proxy != "ingress":
        listening = opened or ports.certain(component)
        wanted = str(route.port)
        if listening and wanted not in listening:
            why = "" if opened else ports.doubt(component, wanted)
            state = "unclear" if why else "no port"
            return ProxyTarget(route, state, through, why, ports=tuple(sorted(listening.items())))
    wrong = served.unserved(component, route)
    if wrong is not None:
        return ProxyTarget(route, "no path", through, wrong.why, ((wrong.path, wrong.at),))
    return ProxyTarget(route, "met", through)


class _Ports:
    """The ports components listen on."""

    def __init__(self, draft: Draft) -> None:
        self._certain: dict[str, dict[str, Span]] = defaultdict(dict)
        self._claimed: dict[str, set[str]] = defaultdict(set)
        self._opens = {o.component: o.reason for o in draft.opens if o.kind is Kind.PORT}
        self._given: dict[str, set[str]] = defaultdict(set)
        for symbol in draft.symbols:
            match symbol.detail:
                case PortUse(by="command" | "code" | "image") if (
                    symbol.kind is Kind.PORT and symbol.action is Action.DEFINES and symbol.phase == "run"
                ):
                    self._certain[symbol.component].setdefault(str(symbol.name), symbol.at)
                case PortUse(by="expose" | "containerPort"):
                    self._claimed[symbol.component].add(str(symbol.name))
            if symbol.kind is Kind.ENVIRONMENT and "PORT" in str(symbol.name):
                self._given[symbol.component].add(getattr(symbol.detail, "value", None) or "")

    def certain(self, component: str) -> dict[str, Span]:
        """Return the ports a component is seen to listen on."""
        return self._certain.get(component, {})

    def doubt(self, component: str, port: str) -> str:
        """Return why a component may listen on this port all the same, "" where it cannot."""
        if component in self._opens or "" in self._opens:
            return self._opens.get(component) or self._opens[""]
        if port in self._claimed[component] and self._claimed[component] & set(self.certain(component)):
            return f"`{component}` says that it opens {port} too"
        return f"a variable gives `{component}` the port {port}" if port in self._given[component] else ""
