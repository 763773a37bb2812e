"""What a container sees of its pod's volumes."""

from collections.abc import Iterator

from roadworthy.model.detail.object_key import ObjectKeyUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource

_FORMS = {
    "persistentVolumeClaim": ("claim", "claimName"),
    "configMap": ("configmap", "name"),
    "secret": ("secret", "secretName"),
    "emptyDir": ("emptydir", ""),
    "hostPath": ("hostpath", "path"),
    "ephemeral": ("emptydir", ""),
}


def mounts(resource: Resource, pod: yaml.Mapping, container: yaml.Mapping, local: str) -> Iterator[Symbol]:
    """Yield every mount of a container, and the keys of mounted objects that are named one by one."""
    role = resource.file.role
    volumes = _volumes(resource, pod)
    listed = container.get("volumeMounts")
    for node in listed if isinstance(listed, yaml.Sequence) else ():
        if not isinstance(node, yaml.Mapping):
            continue
        name, target = node.get("name"), node.text("mountPath") or ""
        if not isinstance(name, yaml.Scalar):
            continue
        form, source, volume = volumes.get(name.text, ("other", "", None))
        read_only = node.text("readOnly") == "true"
        detail = Mount(form, target, source or name.text, read_only, node.text("subPath") or "")
        yield Symbol(Kind.VOLUME, Action.REFERS, Exact(source or name.text), name.at, local, role=role, detail=detail)
        if form in ("configmap", "secret") and volume is not None:
            yield from _items(resource, volume, form, source, local)


def _volumes(resource: Resource, pod: yaml.Mapping) -> dict[str, tuple[str, str, yaml.Mapping | None]]:
    found: dict[str, tuple[str, str, yaml.Mapping | None]] = {}
    listed = pod.get("spec", "volumes")
    for node in listed if isinstance(listed, yaml.Sequence) else ():
        if not isinstance(node, yaml.Mapping) or (name := node.text("name")) is None:
            continue
        found[name] = ("other", "", node)
        for key, (form, source) in _FORMS.items():
            if (settings := node.get(key)) is not None:
                text = settings.text(source) if source and isinstance(settings, yaml.Mapping) else None
                found[name] = (form, text or "", settings if isinstance(settings, yaml.Mapping) else None)
    templates = resource.node.get("spec", "volumeClaimTemplates")
    for node in templates if isinstance(templates, yaml.Sequence) else ():
        if isinstance(node, yaml.Mapping) and (name := node.text("metadata", "name")) is not None:
            found[name] = ("claim-template", name, None)
    return found


def _items(resource: Resource, volume: yaml.Mapping, form: str, source: str, local: str) -> Iterator[Symbol]:
    items = volume.get("items")
    optional = volume.text("optional") == "true"
    use = ObjectKeyUse("Secret" if form == "secret" else "ConfigMap", resource.namespace, optional)
    for item in items if isinstance(items, yaml.Sequence) else ():
        key = item.get("key") if isinstance(item, yaml.Mapping) else None
        if isinstance(key, yaml.Scalar):
            yield Symbol(
                Kind.SECRET_KEY, Action.REFERS, Exact(f"{source}/{key.text}"), key.at, local, "deploy",
                resource.file.role, use,
            )  # fmt: skip
