"""Kubernetes manifests: workloads, services, ingresses, configuration, claims, budgets and autoscalers."""

import re
from collections.abc import Iterator

from roadworthy.collect.kubernetes import backups, certificates, exposed, ingresses, network, objects, pods, scaling
from roadworthy.model.collector import Statement
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import WORKLOADS, Resource, resources

PROVIDES = frozenset(
    {Kind.SERVICE, Kind.HOST, Kind.PORT, Kind.ENVIRONMENT, Kind.VOLUME, Kind.COMMAND, Kind.IMAGE, Kind.PATH}
    | {Kind.SECRET_KEY, Kind.URL, Kind.JOB, Kind.SETTING}
)

_VERSION = re.compile(r"([a-z0-9.-]+/)?v\d+((alpha|beta)\d+)?")

_KEEPS_KEYS = re.compile(r"Secret|^Certificate$|^OnePasswordItem$|Password|^PostgresCluster$|^postgresql$")


def wants(path: str) -> bool:
    """Any YAML file may be a manifest."""
    return path.endswith((".yml", ".yaml"))


def recognises(file: SourceFile) -> bool:
    """Recognise resources by their `apiVersion`, `kind` and name."""
    if "apiVersion" not in file.text:
        return False
    for document in yaml.documents(file):
        if isinstance(document, yaml.Mapping) and document.text("kind") not in (None, "Kustomization", "Component"):
            version = document.text("apiVersion")
            if version and _VERSION.fullmatch(version) and (document.get("metadata") or document.get("items")):
                return True
    return False


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what every resource defines and refers to."""
    for resource in resources(file):
        yield from stated(resource)


def stated(resource: Resource) -> Iterator[Statement]:
    """Yield what one resource defines and refers to."""
    match resource.kind:
        case kind if kind in WORKLOADS:
            yield from pods.workload(resource)
            yield from exposed.privileges(resource)
        case "Service":
            yield from network.service(resource)
            yield from exposed.service(resource)
        case "Ingress" | "HTTPRoute" | "IngressRoute":
            yield from network.ingress(resource)
            if resource.kind == "Ingress":
                yield from ingresses.routes(resource)
        case kind if kind == "ConfigMap" or _KEEPS_KEYS.search(kind):
            yield from objects.keys(resource)
            if resource.kind == "Certificate":
                yield from certificates.issued(resource)
        case "PersistentVolumeClaim":
            yield from objects.claim(resource)
        case "HorizontalPodAutoscaler" | "ScaledObject":
            yield from scaling.autoscaler(resource)
        case "PodDisruptionBudget":
            yield from scaling.budget(resource)
        case "NetworkPolicy":
            yield from scaling.policy(resource)
        case "LimitRange":
            yield from scaling.defaults(resource)
        case "Schedule" | "Backup" | "ScheduledBackup" | "VolumeSnapshot" | "SnapshotSchedule" | "Cluster":
            yield from backups.made(resource)
