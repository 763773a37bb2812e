"""What Kubernetes manifests offer to Prometheus: the labels of Services, and the annotations that ask to be scraped."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.prometheus import ScrapeTarget, ServiceLabelled
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import WORKLOADS, Resource, resources

PROVIDES = frozenset({Kind.JOB})

_SCRAPE, _PORT, _PATH, _SCHEME = (f"prometheus.io/{word}" for word in ("scrape", "port", "path", "scheme"))


def wants(path: str) -> bool:
    """Any YAML file may be a manifest."""
    return path.endswith((".yml", ".yaml"))


def recognises(file: SourceFile) -> bool:
    """Recognise Services with labels, and any resource that asks to be scraped."""
    return "apiVersion" in file.text and ("prometheus.io/scrape" in file.text or "kind: Service" in file.text)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the labels of every Service, and a target for every resource that asks to be scraped."""
    for resource in resources(file):
        if resource.kind == "Service":
            detail = ServiceLabelled(resource.labels("metadata", "labels"), resource.namespace)
            name = resource.name
            yield Symbol(Kind.JOB, Action.REFERS, Exact(name.text), name.at, role=file.role, detail=detail)
            yield from _asking(file, resource, resource.node.get("metadata", "annotations"), "")
        elif resource.kind in WORKLOADS and resource.pod is not None:
            yield from _asking(file, resource, resource.pod.get("metadata", "annotations"), resource.name.text)


def _asking(file: SourceFile, resource: Resource, given: yaml.Node | None, component: str) -> Iterator[Symbol]:
    if not isinstance(given, yaml.Mapping) or given.text(_SCRAPE) != "true":
        return
    key = given.get(_PATH) or given.get(_SCRAPE)
    port = given.text(_PORT) or ""
    number = int(port) if port.isdecimal() and len(port) < 6 else None
    path = given.text(_PATH) or "/metrics"
    scheme = given.text(_SCHEME) or "http"
    if key is None or "{{" in path:
        return
    detail = ScrapeTarget(resource.name.text, "", number, path, scheme, key.at, "annotation")
    yield Symbol(Kind.JOB, Action.DEFINES, Exact(resource.name.text), key.at, component, role=file.role, detail=detail)
