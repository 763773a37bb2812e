"""Services that are reached from outside the cluster, and what containers get of their hosts."""

from collections.abc import Iterator

from roadworthy.model.detail.exposure import PrivilegeTaken, ServiceExposed
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource, containers

_SHARED = {"hostNetwork": "the network", "hostPID": "the processes", "hostIPC": "the memory"}
_CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE"})


def service(resource: Resource) -> Iterator[Symbol]:
    """Yield a Service of type LoadBalancer or NodePort."""
    form = resource.node.get("spec", "type")
    if isinstance(form, yaml.Scalar) and form.text in ("LoadBalancer", "NodePort"):
        if _is_internal(resource):
            return
        detail = ServiceExposed(form.text, resource.namespace, resource.labels("spec", "selector"))
        yield Symbol(
            Kind.SERVICE, Action.REFERS, Exact(resource.name.text), form.at, phase="deploy", role=resource.file.role,
            detail=detail,
        )  # fmt: skip


def _is_internal(resource: Resource) -> bool:
    notes = resource.node.get("metadata", "annotations")
    names = [key.text for key, _ in notes.items()] if isinstance(notes, yaml.Mapping) else []
    return any("internal" in name for name in names)


def privileges(resource: Resource) -> Iterator[Symbol]:
    """Yield what the containers of a workload get of their host."""
    pod = resource.pod
    if pod is None:
        return

    def taken(option: str, at: Span, says: str) -> Symbol:
        return Symbol(
            Kind.SETTING, Action.DEFINES, Exact(option), at, resource.name.text, role=resource.file.role,
            detail=PrivilegeTaken(says),
        )  # fmt: skip

    for option, what in _SHARED.items():
        node = pod.get("spec", option)
        if isinstance(node, yaml.Scalar) and node.boolean():
            yield taken(option, node.at, f"shares {what} of its host")
    for container, _ in containers(pod):
        node = container.get("securityContext", "privileged")
        if isinstance(node, yaml.Scalar) and node.boolean():
            yield taken("privileged", node.at, "may do on its host what root may")
        node = container.get("securityContext", "allowPrivilegeEscalation")
        if isinstance(node, yaml.Scalar) and node.boolean():
            yield taken("allowPrivilegeEscalation", node.at, "lets its processes gain privileges")
        added = container.get("securityContext", "capabilities", "add")
        for item in added if isinstance(added, yaml.Sequence) else ():
            if isinstance(item, yaml.Scalar) and item.text.upper().removeprefix("CAP_") in _CAPABILITIES:
                yield taken(f"capabilities {item.text}", item.at, f"gets the capability {item.text}")
    listed = pod.get("spec", "volumes")
    for volume in listed if isinstance(listed, yaml.Sequence) else ():
        path = volume.get("hostPath", "path") if isinstance(volume, yaml.Mapping) else None
        if isinstance(path, yaml.Scalar) and (
            path.text.endswith(("docker.sock", "containerd.sock")) or path.text == "/"
        ):
            yield taken(path.text, path.at, f"is given `{path.text}` of its host")
