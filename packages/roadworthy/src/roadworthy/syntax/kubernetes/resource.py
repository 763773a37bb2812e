"""The resources of a manifest."""

from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import yaml

_POD_AT = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
WORKLOADS = frozenset(
    """
    Deployment StatefulSet DaemonSet ReplicaSet Job CronJob Pod ReplicationController Rollout
    """.split()
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource; `name` is its own node."""

    file: SourceFile
    node: yaml.Mapping
    kind: str
    name: yaml.Scalar

    @property
    def namespace(self) -> str:
        """The namespace written in it, "" where none is."""
        return self.node.text("metadata", "namespace") or ""

    @property
    def pod(self) -> yaml.Mapping | None:
        """The pod, or its template: a mapping with `metadata` and `spec`."""
        path = _POD_AT.get(self.kind, ("spec", "template"))
        found = self.node.get(*path) if path else self.node
        return found if isinstance(found, yaml.Mapping) else None

    def labels(self, *path: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs of the mapping below these keys, sorted."""
        return labels(self.node.get(*path))

    def at(self, *path: str) -> Span:
        """Return the place of what stands below these keys, or of the name."""
        found = self.node.get(*path)
        return found.at if found is not None else self.name.at


def labels(node: yaml.Node | None) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a mapping of texts, sorted."""
    if not isinstance(node, yaml.Mapping):
        return ()
    return tuple(sorted((key.text, value.text) for key, value in node.items() if isinstance(value, yaml.Scalar)))


def resources(file: SourceFile) -> Iterator[Resource]:
    """Yield the resources of a file, those of lists one by one."""
    for document in yaml.documents(file):
        if not isinstance(document, yaml.Mapping):
            continue
        if document.text("kind") == "List" and isinstance(items := document.get("items"), yaml.Sequence):
            for item in items:
                if found := resource_of(file, item):
                    yield found
        elif found := resource_of(file, document):
            yield found


def resource_of(file: SourceFile, node: yaml.Node) -> Resource | None:
    """Return the resource that one node of a file states."""
    if not isinstance(node, yaml.Mapping):
        return None
    kind, name = node.text("kind"), node.get("metadata", "name")
    if not isinstance(name, yaml.Scalar):
        name = node.get("metadata", "generateName")
    if kind and node.text("apiVersion") and isinstance(name, yaml.Scalar):
        return Resource(file, node, kind, name)
    return None


def containers(pod: yaml.Mapping) -> Iterator[tuple[yaml.Mapping, bool]]:
    """Yield the containers of a pod and whether each is an init container that ends before the others start."""
    for section in ("containers", "initContainers"):
        listed = pod.get("spec", section)
        for node in listed if isinstance(listed, yaml.Sequence) else ():
            if isinstance(node, yaml.Mapping):
                yield node, section == "initContainers" and node.text("restartPolicy") != "Always"
