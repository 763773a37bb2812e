"""ConfigMaps and Secrets: the keys they hold; and claims of volumes."""

import base64
import binascii
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import StageValue
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.volume import VolumeDeclared
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource


def keys(resource: Resource) -> Iterator[Statement]:
    """Yield every key an object holds. The values of Secrets are replaced by numbers when the facts are linked."""
    match resource.kind:
        case "ConfigMap":
            for key, value in _pairs(resource.node, ("data",), ("binaryData",)):
                yield _key(resource, resource.name.text, key, "ConfigMap", "manifest", value.text)
        case "Secret":
            for key, value in _pairs(resource.node, ("data",)):
                yield _key(resource, resource.name.text, key, "Secret", "manifest", _decoded(value.text))
            for key, value in _pairs(resource.node, ("stringData",)):
                yield _key(resource, resource.name.text, key, "Secret", "manifest", value.text)
            if resource.node.get("data") is None and resource.node.get("stringData") is None:
                reason = f"the keys of {resource.name.text} are filled in elsewhere"
                yield Open(Kind.SECRET_KEY, "", reason, resource.name.at, Pattern(f"{resource.name.text}/**"))
        case "SealedSecret":
            name = resource.node.text("spec", "template", "metadata", "name") or resource.name.text
            for key, _ in _pairs(resource.node, ("spec", "encryptedData")):
                yield _key(resource, name, key, "Secret", "SealedSecret", None)
        case "ExternalSecret":
            yield from _external(resource)
        case _:
            yield from _made(resource)


_DESTINATIONS = (("spec", "secretName"), ("spec", "destination", "name"), ("spec", "target", "name"))
_MANAGED = (("spec", "managedSecret", "name"), ("spec", "managedSecretReference", "secretName"))


def _made(resource: Resource) -> Iterator[Statement]:
    """Open the keys of the Secrets that a controller makes from a resource of another kind."""
    names = [resource.node.text(*path) for path in (*_DESTINATIONS, *_MANAGED)]
    listed = resource.node.get("spec", "secretObjects")
    items = listed.items if isinstance(listed, yaml.Sequence) else []
    names += [item.text("secretName") for item in items if isinstance(item, yaml.Mapping)]
    for name in dict.fromkeys(name for name in (*names, resource.name.text) if name):
        reason = f"the keys of {name} come from a {resource.kind}"
        yield Open(Kind.SECRET_KEY, "", reason, resource.name.at, Pattern(f"{name}/**"))
    if resource.kind in ("Cluster", "PostgresCluster", "postgresql"):
        reason = f"the {resource.kind} {resource.name.text} brings Secrets of its own"
        yield Open(Kind.SECRET_KEY, "", reason, resource.name.at, Pattern(f"*{resource.name.text}*/**"))


def _external(resource: Resource) -> Iterator[Statement]:
    name = resource.node.text("spec", "target", "name") or resource.name.text
    store = resource.node.get("spec", "secretStoreRef", "name")
    if isinstance(store, yaml.Scalar):
        detail = StageValue("secretStoreRef", resource.kind)
        yield Symbol(Kind.SETTING, Action.DEFINES, Exact(store.text), store.at, "", "stage", resource.file.role, detail)
    listed = resource.node.get("spec", "data")
    for item in listed if isinstance(listed, yaml.Sequence) else ():
        key = item.get("secretKey") if isinstance(item, yaml.Mapping) else None
        if isinstance(key, yaml.Scalar):
            yield _key(resource, name, key, "Secret", "ExternalSecret", None)
    for place in (("spec", "dataFrom"), ("spec", "target", "template")):
        if resource.node.get(*place) is not None:
            reason = f"the keys of {name} come from a store outside the repository"
            yield Open(Kind.SECRET_KEY, "", reason, resource.at(*place), Pattern(f"{name}/**"))


def _pairs(node: yaml.Mapping, *paths: tuple[str, ...]) -> Iterator[tuple[yaml.Scalar, yaml.Scalar]]:
    for path in paths:
        section = node.get(*path)
        for key, value in section.items() if isinstance(section, yaml.Mapping) else ():
            if isinstance(value, yaml.Scalar):
                yield key, value


def _key(resource: Resource, name: str, key: yaml.Scalar, object_: str, by: str, value: str | None) -> Symbol:
    detail = ObjectKey(object_, by, resource.namespace, value)
    return Symbol(
        Kind.SECRET_KEY, Action.DEFINES, Exact(f"{name}/{key.text}"), key.at, "", "deploy", resource.file.role, detail
    )


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def claim(resource: Resource) -> Iterator[Symbol]:
    """Yield a claimed volume."""
    detail = VolumeDeclared("PersistentVolumeClaim", driver=resource.node.text("spec", "storageClassName") or "")
    yield Symbol(
        Kind.VOLUME, Action.DEFINES, Exact(resource.name.text), resource.name.at, role=resource.file.role, detail=detail
    )
