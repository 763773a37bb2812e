"""Workloads: the pod they keep running and its containers."""

from collections.abc import Iterator

from roadworthy.collect.kubernetes import containers
from roadworthy.model.collector import Statement
from roadworthy.model.detail.volume import VolumeDeclared
from roadworthy.model.detail.workload import Resources, Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.duration import seconds
from roadworthy.syntax.kubernetes.resource import Resource, labels
from roadworthy.syntax.kubernetes.resource import containers as containers_of


def workload(resource: Resource) -> Iterator[Statement]:
    """Yield the workload, one running thing per container, and what each container says."""
    pod = resource.pod or yaml.Mapping([], resource.name.at)
    listed = list(containers_of(pod))
    main = next((node for node, init in listed if not init), None)
    yield from _claims(resource)
    if main is None:
        # A patch that only changes the pod or the number of replicas.
        yield _workload(resource, pod, None, resource.name.text, resource.kind.lower())
    for node, init in listed:
        is_main = node is main
        local = resource.name.text if is_main else f"{resource.name.text}/{node.text('name') or ''}"
        form = resource.kind.lower() if is_main else "init" if init else "sidecar"
        yield _workload(resource, pod, node, local, form)
        yield from containers.container(resource, pod, node, local)


def _workload(resource: Resource, pod: yaml.Mapping, node: yaml.Mapping | None, local: str, form: str) -> Symbol:
    root = resource.node
    container = node or yaml.Mapping([], resource.name.at)
    one_shot = resource.kind in ("Job", "CronJob") or form == "init"
    detail = Workload(
        artifact="kubernetes",
        form=form,
        image=container.text("image") or "",
        pod=resource.name.text if form in ("init", "sidecar") else "",
        namespace=resource.namespace,
        replicas=_number(root.get("spec", "replicas")),
        labels=labels(pod.get("metadata", "labels")),
        selector=resource.labels("spec", "selector", "matchLabels")
        or (resource.labels("spec", "selector") if resource.kind == "ReplicationController" else ()),
        resources=Resources(
            container.text("resources", "requests", "cpu") or "",
            container.text("resources", "limits", "cpu") or "",
            container.text("resources", "requests", "memory") or "",
            container.text("resources", "limits", "memory") or "",
        ),
        grace_seconds=_number(pod.get("spec", "terminationGracePeriodSeconds")),
        stop_delay_seconds=_delay(container),
        restart=pod.text("spec", "restartPolicy") or "",
        one_shot=one_shot,
        schedule=root.text("spec", "schedule") or "",
        deployed=root.text("spec", "suspend") != "true",
        network="host" if pod.text("spec", "hostNetwork") == "true" else "",
    )
    name = container.get("name")
    at = resource.name.at if form not in ("init", "sidecar") or name is None else name.at
    return Symbol(Kind.SERVICE, Action.DEFINES, Exact(local), at, local, role=resource.file.role, detail=detail)


def _delay(container: yaml.Mapping) -> int | None:
    slept = container.text("lifecycle", "preStop", "sleep", "seconds")
    if slept is not None and slept.isdecimal():
        return int(slept)
    command = container.get("lifecycle", "preStop", "exec", "command")
    if isinstance(command, yaml.Sequence):
        words = " ".join(item.text for item in command if isinstance(item, yaml.Scalar)).split()
        if "sleep" in words[:-1]:
            found = seconds(words[words.index("sleep") + 1].strip("\"';"))
            return None if found is None else int(found)
    return None


def _claims(resource: Resource) -> Iterator[Symbol]:
    listed = resource.node.get("spec", "volumeClaimTemplates")
    for node in listed if isinstance(listed, yaml.Sequence) else ():
        name = node.get("metadata", "name") if isinstance(node, yaml.Mapping) else None
        if isinstance(name, yaml.Scalar):
            yield Symbol(
                Kind.VOLUME, Action.DEFINES, Exact(name.text), name.at, resource.name.text, role=resource.file.role,
                detail=VolumeDeclared("volumeClaimTemplates"),
            )  # fmt: skip


def _number(node: yaml.Node | None) -> int | None:
    return node.integer() if isinstance(node, yaml.Scalar) else None
