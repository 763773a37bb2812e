"""Traefik's own files: the servers its services pass requests to."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.proxy import ProxyDefaults, ProxyRoute
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.address import address

PROVIDES = frozenset({Kind.HOST})


def wants(path: str) -> bool:
    """YAML files that are, or lie in a folder, called after Traefik."""
    return path.endswith((".yml", ".yaml")) and ("traefik" in path.lower() or "dynamic" in path.rpartition("/")[2])


def recognises(file: SourceFile) -> bool:
    """Recognise the servers of a load balancer."""
    return "loadBalancer" in file.text and "servers" in file.text and "apiVersion" not in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each server of each service."""
    for document in yaml.documents(file):
        services = document.get("http", "services") if isinstance(document, yaml.Mapping) else None
        if not isinstance(services, yaml.Mapping):
            continue
        yield Symbol(
            Kind.SETTING, Action.DEFINES, Exact("traefik"), document.at, role=file.role, detail=ProxyDefaults(())
        )
        for name, service in services.items():
            servers = service.get("loadBalancer", "servers") if isinstance(service, yaml.Mapping) else None
            for server in servers if isinstance(servers, yaml.Sequence) else ():
                url = server.get("url") if isinstance(server, yaml.Mapping) else None
                read = address(url.text) if isinstance(url, yaml.Scalar) else None
                if isinstance(url, yaml.Scalar) and read is not None and read.host:
                    port = read.port or (443 if read.scheme == "https" else 80)
                    detail = ProxyRoute("traefik", "/", "regex", read.scheme, port, None, name.text, "", None, "sets")
                    yield Symbol(Kind.HOST, Action.REFERS, Exact(read.host), url.at, role=file.role, detail=detail)
