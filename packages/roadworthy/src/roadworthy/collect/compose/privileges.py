"""What compose services get of their host."""

from collections.abc import Iterator

from roadworthy.model.detail.exposure import PrivilegeTaken
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.service import Service, texts

_CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE"})


def collect(service: Service) -> Iterator[Symbol]:
    """Yield every privilege a service is given."""
    node = service.get("privileged")
    if isinstance(node, yaml.Scalar) and node.boolean():
        yield _taken(service, "privileged", node.at, "may do on its host what root may")
    for key, what in (("pid", "the processes"), ("ipc", "the memory")):
        node = service.get(key)
        if isinstance(node, yaml.Scalar) and node.text == "host":
            yield _taken(service, key, node.at, f"shares {what} of its host")
    for layer in service.all("cap_add"):
        for item in texts(layer):
            if item.text.upper().removeprefix("CAP_") in _CAPABILITIES:
                yield _taken(service, f"cap_add {item.text}", item.at, f"gets the capability {item.text}")
    for layer in service.all("volumes"):
        for entry in layer if isinstance(layer, yaml.Sequence) else ():
            mounted: yaml.Node | None = entry.get("source") if isinstance(entry, yaml.Mapping) else entry
            if isinstance(mounted, yaml.Scalar) and mounted.text.partition(":")[0].endswith("/docker.sock"):
                yield _taken(service, "docker.sock", mounted.at, "is given the socket of Docker, and with it the host")


def _taken(service: Service, option: str, at: Span, says: str) -> Symbol:
    return Symbol(
        Kind.SETTING, Action.DEFINES, Exact(option), at, service.name, role=service.role, detail=PrivilegeTaken(says)
    )
