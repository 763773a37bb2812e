"""Compose services whose network is not that of their own deployment: what they reach is not declared beside them."""

from collections.abc import Iterator

from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.service import Service, texts


def collect(service: Service) -> Iterator[Symbol]:
    """Yield that a service has the network of its host, of another service, or one that others made."""
    mode = service.get("network_mode")
    if isinstance(mode, yaml.Scalar) and mode.text not in ("bridge", "none"):
        yield _shared(service, mode)
        return
    external = _external(service)
    for key in texts(service.get("networks")):
        if key.text in external:
            yield _shared(service, key)
            return


def _shared(service: Service, node: yaml.Scalar) -> Symbol:
    return Symbol(Kind.SETTING, Action.DEFINES, Exact("network_mode"), node.at, service.name, role=service.role)


def _external(service: Service) -> set[str]:
    found: set[str] = set()
    for document in yaml.documents(service.file):
        networks = document.get("networks") if isinstance(document, yaml.Mapping) else None
        for key, node in networks.items() if isinstance(networks, yaml.Mapping) else ():
            outer = node.get("external") if isinstance(node, yaml.Mapping) else None
            if outer is not None and not (isinstance(outer, yaml.Scalar) and outer.text == "false"):
                found.add(key.text)
    return found
