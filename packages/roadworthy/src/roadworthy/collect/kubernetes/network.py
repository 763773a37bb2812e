"""Services and what routes to them."""

from collections.abc import Iterator

from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import HostName
from roadworthy.model.symbol import Action, Exact, Kind, Name, Pattern, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource


def service(resource: Resource) -> Iterator[Symbol]:
    """Yield the names of a Service, the ports it opens and the ports it expects its pods to listen on."""
    role, name, namespace = resource.file.role, resource.name, resource.namespace
    external = resource.node.text("spec", "type") == "ExternalName"
    selector = () if external else resource.labels("spec", "selector")
    detail = HostName("", "external" if external else "Service", namespace, selector)
    for host in _names(name.text, namespace):
        yield Symbol(Kind.HOST, Action.DEFINES, host, name.at, role=role, detail=detail)
    ports = resource.node.get("spec", "ports")
    for port in ports if isinstance(ports, yaml.Sequence) else ():
        number = port.get("port") if isinstance(port, yaml.Mapping) else None
        if not isinstance(port, yaml.Mapping) or not isinstance(number, yaml.Scalar):
            continue
        protocol = (port.text("protocol") or "TCP").lower()
        opened = PortUse("service port", name.text, port.text("name") or "", protocol=protocol, namespace=namespace)
        yield Symbol(Kind.PORT, Action.DEFINES, Exact(number.text), number.at, role=role, detail=opened)
        if selector:
            target = port.get("targetPort")
            expected = target if isinstance(target, yaml.Scalar) else number
            wanted = PortUse("targetPort", name.text, protocol=protocol, namespace=namespace)
            yield Symbol(Kind.PORT, Action.REFERS, Exact(expected.text), expected.at, role=role, detail=wanted)


def _names(name: str, namespace: str) -> Iterator[Name]:
    yield Exact(name)
    for ending in ("", ".svc", ".svc.cluster.local"):
        if namespace:
            yield Exact(f"{name}.{namespace}{ending}")
        elif ending:
            yield Pattern(f"{name}.*{ending}")
    yield Pattern(f"*.{name}")


def ingress(resource: Resource) -> Iterator[Symbol]:
    """Yield the Services, and their ports, that an Ingress, HTTPRoute or IngressRoute sends requests to."""
    for backend in _backends(resource.node.get("spec")):
        name = backend.get("service", "name") or backend.get("serviceName") or backend.get("name")
        port = (
            backend.get("service", "port", "number")
            or backend.get("service", "port", "name")
            or backend.get("servicePort")
            or backend.get("port")
        )
        if not isinstance(name, yaml.Scalar) or backend.text("kind") not in (None, "Service"):
            continue
        namespace = backend.text("namespace") or resource.namespace
        role = resource.file.role
        detail = HostName("", "ingress", namespace)
        yield Symbol(Kind.HOST, Action.REFERS, Exact(name.text), name.at, role=role, detail=detail)
        if isinstance(port, yaml.Scalar):
            use = PortUse("ingress", name.text, namespace=namespace)
            yield Symbol(Kind.PORT, Action.REFERS, Exact(port.text), port.at, role=role, detail=use)


def _backends(spec: yaml.Node | None) -> Iterator[yaml.Mapping]:
    if not isinstance(spec, yaml.Mapping):
        return
    for key in ("defaultBackend", "backend"):
        if isinstance(found := spec.get(key), yaml.Mapping):
            yield found
    for rule in _mappings(spec.get("rules"), spec.get("routes")):
        for path in _mappings(rule.get("http", "paths")):
            if isinstance(found := path.get("backend"), yaml.Mapping):
                yield found
        yield from _mappings(rule.get("backendRefs"), rule.get("services"))


def _mappings(*nodes: yaml.Node | None) -> Iterator[yaml.Mapping]:
    for node in nodes:
        for item in node if isinstance(node, yaml.Sequence) else ():
            if isinstance(item, yaml.Mapping):
                yield item
