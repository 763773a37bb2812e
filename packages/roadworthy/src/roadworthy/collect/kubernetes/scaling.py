"""Autoscalers and disruption budgets: which workloads they choose and how few they leave."""

from collections.abc import Iterator

from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import WorkloadChosen
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource


def autoscaler(resource: Resource) -> Iterator[Symbol]:
    """Yield the workload an autoscaler scales."""
    target = resource.node.get("spec", "scaleTargetRef", "name")
    least = resource.node.get("spec", "minReplicas") or resource.node.get("spec", "minReplicaCount")
    if isinstance(target, yaml.Scalar):
        minimum = least.integer() if isinstance(least, yaml.Scalar) else 1
        most = resource.node.get("spec", "maxReplicas") or resource.node.get("spec", "maxReplicaCount")
        maximum = most.integer() if isinstance(most, yaml.Scalar) else None
        kind = resource.node.text("spec", "scaleTargetRef", "kind") or "Deployment"
        detail = WorkloadChosen(
            "HorizontalPodAutoscaler",
            resource.namespace,
            (),
            minimum,
            maximum,
            kind.lower(),
            measures=tuple(_measures(resource)),
        )
        yield _chosen(resource, target, detail)


def _measures(resource: Resource) -> Iterator[str]:
    """Yield the resources whose use an autoscaler compares with what the pods request."""
    if resource.node.get("spec", "targetCPUUtilizationPercentage") is not None:
        yield "cpu"
    listed = resource.node.get("spec", "metrics")
    for item in listed if isinstance(listed, yaml.Sequence) else ():
        if not isinstance(item, yaml.Mapping) or item.text("type") != "Resource":
            continue
        if item.get("resource", "target", "averageUtilization") or item.get("resource", "targetAverageUtilization"):
            yield item.text("resource", "name") or ""


def budget(resource: Resource) -> Iterator[Symbol]:
    """Yield what a disruption budget protects."""
    least = resource.node.get("spec", "minAvailable")
    minimum = least.integer() if isinstance(least, yaml.Scalar) else None
    labels = resource.labels("spec", "selector", "matchLabels")
    most = resource.node.text("spec", "maxUnavailable") or ""
    share = resource.node.text("spec", "minAvailable") or ""
    detail = WorkloadChosen(
        "PodDisruptionBudget",
        resource.namespace,
        labels,
        minimum,
        unavailable=most,
        share=share if share.endswith("%") else "",
    )
    yield _chosen(resource, resource.name, detail)


def policy(resource: Resource) -> Iterator[Symbol]:
    """Yield what a network policy chooses, and the ports it lets requests in to where it names them all."""
    labels = resource.labels("spec", "podSelector", "matchLabels")
    if not labels or resource.node.get("spec", "podSelector", "matchExpressions") is not None:
        return
    yield _chosen(resource, resource.name, WorkloadChosen("NetworkPolicy", resource.namespace, labels))
    rules = resource.node.get("spec", "ingress")
    listed = (
        [rule.get("ports") for rule in rules if isinstance(rule, yaml.Mapping)]
        if isinstance(rules, yaml.Sequence)
        else []
    )
    if not listed or not all(isinstance(ports, yaml.Sequence) and ports.items for ports in listed):
        return
    every = [
        port for ports in listed if isinstance(ports, yaml.Sequence) for port in ports if isinstance(port, yaml.Mapping)
    ]
    if any(port.get("port") is None or port.get("endPort") is not None for port in every):
        return
    for port in every:
        number = port.get("port")
        if isinstance(number, yaml.Scalar):
            use = PortUse(
                "networkPolicy",
                resource.name.text,
                protocol=(port.text("protocol") or "TCP").lower(),
                namespace=resource.namespace,
            )
            yield Symbol(Kind.PORT, Action.REFERS, Exact(number.text), number.at, role=resource.file.role, detail=use)


def defaults(resource: Resource) -> Iterator[Symbol]:
    """Yield that the namespace gives containers limits of its own."""
    yield Symbol(
        Kind.SETTING, Action.DEFINES, Exact("LimitRange"), resource.name.at, "", "deploy", role=resource.file.role
    )


def _chosen(resource: Resource, name: yaml.Scalar, detail: WorkloadChosen) -> Symbol:
    return Symbol(
        Kind.SERVICE, Action.REFERS, Exact(name.text), name.at, phase="deploy", role=resource.file.role, detail=detail
    )
