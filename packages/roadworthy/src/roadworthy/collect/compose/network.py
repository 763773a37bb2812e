"""Under which names and on which ports a compose service answers."""

from collections.abc import Iterator

from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import HostName
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.port import published
from roadworthy.syntax.compose.service import Service, entries, texts


def collect(service: Service) -> Iterator[Symbol]:
    """Yield host names and ports."""
    yield from _hosts(service)
    yield from _ports(service)


def _hosts(service: Service) -> Iterator[Symbol]:
    named: list[tuple[yaml.Scalar, str]] = [(service.key, "compose service")]
    for key in ("container_name", "hostname"):
        named += [(node, key) for node in texts(service.get(key))[:1]]
    networks = service.get("networks")
    for _, node in networks.items() if isinstance(networks, yaml.Mapping) else ():
        if isinstance(node, yaml.Mapping):
            named += [(alias, "alias") for alias in texts(node.get("aliases"))]
    for node, by in named:
        name = interpolate(node.text).name
        detail = HostName(service.name, by)
        yield Symbol(Kind.HOST, Action.DEFINES, name, node.at, role=service.role, detail=detail)
    for layer in service.all("extra_hosts"):
        for name_text, at, _, _ in entries(layer):
            name = Exact(name_text.partition(":")[0])
            yield Symbol(Kind.HOST, Action.DEFINES, name, at.at, role=service.role, detail=HostName("", "extra_hosts"))
    for layer in service.all("links"):
        for node in texts(layer):
            target, colon, alias = node.text.partition(":")
            if colon:
                detail = HostName(target, "alias")
                yield Symbol(Kind.HOST, Action.DEFINES, Exact(alias), node.at, role=service.role, detail=detail)
    for layer in service.all("external_links"):
        for node in texts(layer):
            name = Exact(node.text.rpartition(":")[2])
            yield Symbol(Kind.HOST, Action.DEFINES, name, node.at, role=service.role, detail=HostName("", "external"))


def _ports(service: Service) -> Iterator[Symbol]:
    role = service.role
    for layer in service.all("expose"):
        for node in texts(layer):
            number = node.text.partition("/")[0]
            detail = PortUse("expose", protocol=node.text.partition("/")[2] or "tcp")
            yield Symbol(
                Kind.PORT, Action.DEFINES, interpolate(number).name, node.at, service.name, role=role, detail=detail
            )
    for layer in service.all("ports"):
        for item in layer if isinstance(layer, yaml.Sequence) else ():
            if isinstance(item, yaml.Scalar):
                yield from _short(service, item)
            elif isinstance(item, yaml.Mapping) and isinstance(target := item.get("target"), yaml.Scalar):
                detail = PortUse(
                    "ports",
                    published=_shown(item.get("published")),
                    address=_shown(item.get("host_ip")),
                    protocol=item.text("protocol") or "tcp",
                )
                name = interpolate(target.text).name
                yield Symbol(Kind.PORT, Action.REFERS, name, target.at, service.name, role=role, detail=detail)


def _short(service: Service, item: yaml.Scalar) -> Iterator[Symbol]:
    for port in published(interpolate(item.text).shown) or ():
        name: Name = Exact(port.container) if port.container.isdecimal() else Unreadable("taken from a variable")
        detail = PortUse("ports", published=port.published, address=port.address, protocol=port.protocol)
        at = item.at
        if isinstance(name, Exact):
            spans = [
                yaml_places.inside(item, service.file, port.container, skip)
                for skip in range(item.text.count(port.container))
            ]
            at = spans[-1] if spans else item.at
        yield Symbol(Kind.PORT, Action.REFERS, name, at, service.name, role=service.role, detail=detail)


def _shown(node: yaml.Node | None) -> str:
    return interpolate(node.text).shown if isinstance(node, yaml.Scalar) and not node.is_null() else ""
