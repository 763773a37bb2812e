"""Kustomizations: the manifests they put together, what they change, and the objects they generate."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import StageValue
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.release import ImageReplaced, NamespaceGiven
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import WorkloadChosen
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.paths import joined
from roadworthy.syntax.problem import SyntaxProblem

PROVIDES = frozenset({Kind.FILE, Kind.SECRET_KEY, Kind.SERVICE, Kind.IMAGE, Kind.ENVIRONMENT, Kind.SETTING})

_PATCHED = (Kind.SERVICE, Kind.PORT, Kind.ENVIRONMENT, Kind.VOLUME, Kind.COMMAND)
_NO_WORKLOADS = frozenset(
    {"HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress", "ExternalSecret", "Namespace", "NetworkPolicy"}
    | {"ServiceAccount", "PersistentVolumeClaim", "Certificate", "ServiceMonitor", "PrometheusRule"}
)
_TARGET_NAME = re.compile(r"[A-Za-z0-9.-]+")


def wants(path: str) -> bool:
    """A file named kustomization.yaml."""
    return path.rpartition("/")[2] in ("kustomization.yaml", "kustomization.yml", "Kustomization")


def claims(path: str) -> bool:
    """Such a file is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise it by its name."""
    return wants(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the files it names, the keys it generates, and an opening for what a patch may change."""
    for document in yaml.documents(file):
        if isinstance(document, yaml.Mapping):
            yield from _files(file, document)
            yield from _patches(file, document)
            yield from _generated(file, document)
            yield from _counted(file, document)
            yield from _staged(file, document)
            yield from _images(file, document)
            yield from _renamed(file, document)
            yield from _elsewhere(document)
            charts = document.get("helmCharts")
            if charts is not None:
                for kind in _PATCHED:
                    yield Open(kind, "", "a Helm chart whose rendered values are not given", charts.at)


def _files(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    for key, by in (("resources", "resource"), ("bases", "resource"), ("components", "resource")):
        for node in _scalars(document.get(key)):
            if "://" not in node.text and "?ref=" not in node.text:
                yield from _file(file, node, by)
    for node in _scalars(document.get("patchesStrategicMerge")):
        if "\n" not in node.text:
            yield from _file(file, node, "patch")
    for patch in (*_mappings(document.get("patches")), *_mappings(document.get("patchesJson6902"))):
        if isinstance(path := patch.get("path"), yaml.Scalar):
            yield from _file(file, path, "patch")


def _elsewhere(document: yaml.Mapping) -> Iterator[Open]:
    for key in ("resources", "bases", "components"):
        for node in _scalars(document.get(key)):
            if "://" in node.text or "?ref=" in node.text or node.text.startswith("github.com/"):
                yield Open(Kind.FILE, "", f"{node.at.path} puts in manifests from elsewhere", node.at)
                return


def _file(file: SourceFile, node: yaml.Scalar, by: str) -> Iterator[Symbol]:
    path = joined(file.folder, node.text)
    if path is not None:
        detail = FileUse(by)
        yield Symbol(Kind.FILE, Action.REFERS, Exact(path), node.at, "", "deploy", file.role, detail)


def _patches(file: SourceFile, document: yaml.Mapping) -> Iterator[Open]:
    for node in _scalars(document.get("patchesStrategicMerge")):
        if "\n" in node.text:
            yield from _opened("", "an inline patch", node.at)
    for patch in (*_mappings(document.get("patches")), *_mappings(document.get("patchesJson6902"))):
        if patch.get("patch") is None and patch.get("target") is None:
            continue
        names = (patch.text("target", "name") or "").split("|")
        plain = all(_TARGET_NAME.fullmatch(name) for name in names)
        for name in names if plain else [""]:
            yield from _opened(name, "a patch", patch.at, _changed(file, patch))


def _changed(file: SourceFile, patch: yaml.Mapping) -> tuple[Kind, ...]:
    """Return what a patch may change, as far as its target and its single steps tell."""
    kind = patch.text("target", "kind") or ""
    if kind in _NO_WORKLOADS:
        return (Kind.SERVICE,)
    text = patch.get("patch")
    steps = _steps(file, text) if isinstance(text, yaml.Scalar) else None
    if kind in ("ConfigMap", "Secret"):
        return () if steps and all(step.text("op") == "replace" for step in steps) else (Kind.ENVIRONMENT,)
    if not steps:
        return _PATCHED
    found: set[Kind] = set()
    for step in steps:
        path = step.text("path") or ""
        if path.endswith("/image") or (step.text("op") == "replace" and re.search(r"/env/\d+/value$", path)):
            continue
        if "/env" in path:
            found.add(Kind.ENVIRONMENT)
        elif "/replicas" in path or "/resources" in path or "/metadata/" in path:
            found.add(Kind.SERVICE)
        else:
            return _PATCHED
    return tuple(sorted(found))


def _steps(file: SourceFile, text: yaml.Scalar) -> list[yaml.Mapping] | None:
    """Return the steps of a JSON patch, None where it is none."""
    try:
        nodes = yaml_places.embedded(text, file)
    except SyntaxProblem:
        return None
    steps = [step for node in nodes for step in _mappings(node)]
    return steps if steps and all(step.text("op") and step.text("path") for step in steps) else None


def _opened(component: str, what: str, at: Span, kinds: tuple[Kind, ...] = _PATCHED) -> Iterator[Open]:
    for kind in kinds:
        yield Open(kind, component, f"{what} of {at.path} may change it", at)


def _generated(file: SourceFile, document: yaml.Mapping) -> Iterator[Statement]:
    for section, object_ in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        for generator in _mappings(document.get(section)):
            name = generator.text("name")
            if name is None:
                continue
            for node in _scalars(generator.get("literals")):
                key, equals, value = node.text.partition("=")
                if equals:
                    yield _key(file, f"{name}/{key}", node.at, ObjectKey(object_, "kustomize", value=value))
            for node in _scalars(generator.get("files")):
                key = node.text.partition("=")[0] if "=" in node.text else node.text.rpartition("/")[2]
                yield _key(file, f"{name}/{key}", node.at, ObjectKey(object_, "kustomize"))
                path = joined(file.folder, node.text.rpartition("=")[2])
                if path is not None:
                    detail = FileUse("config")
                    yield Symbol(Kind.FILE, Action.REFERS, Exact(path), node.at, "", "deploy", file.role, detail)
            for node in (*_scalars(generator.get("envs")), *_scalars(generator.get("env"))):
                reason = f"the keys of {name} come from {node.text}"
                yield Open(Kind.SECRET_KEY, "", reason, node.at, Pattern(f"{name}/**"))


def _key(file: SourceFile, name: str, at: Span, detail: ObjectKey) -> Symbol:
    return Symbol(Kind.SECRET_KEY, Action.DEFINES, Exact(name), at, "", "deploy", file.role, detail)


def _images(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    for item in _mappings(document.get("images")):
        name = item.get("name")
        if isinstance(name, yaml.Scalar):
            tag = item.text("newTag") or (f"@{digest}" if (digest := item.text("digest")) else "")
            detail = ImageReplaced(item.text("newName") or "", tag, file.folder)
            yield Symbol(Kind.IMAGE, Action.DEFINES, Exact(name.text), name.at, "", "deploy", file.role, detail)


def _renamed(file: SourceFile, document: yaml.Mapping) -> Iterator[Statement]:
    space = document.get("namespace")
    if isinstance(space, yaml.Scalar) and not space.is_null():
        detail = NamespaceGiven(file.folder)
        yield Symbol(Kind.SETTING, Action.DEFINES, Exact(space.text), space.at, "", "deploy", file.role, detail)
    for key in ("namePrefix", "nameSuffix"):
        given = document.get(key)
        if isinstance(given, yaml.Scalar) and not given.is_null():
            yield Open(Kind.SERVICE, "", f"a {key.removeprefix('name').lower()} changes every name", given.at)


def _counted(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    for item in _mappings(document.get("replicas")):
        name, count = item.get("name"), item.get("count")
        if isinstance(name, yaml.Scalar) and isinstance(count, yaml.Scalar):
            detail = WorkloadChosen("kustomize", "", (), count.integer())
            yield Symbol(Kind.SERVICE, Action.REFERS, Exact(name.text), name.at, "", "deploy", file.role, detail)


def _staged(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    """Yield the namespace everything is put into, and the single values that inline patches write."""
    namespace = document.get("namespace")
    if isinstance(namespace, yaml.Scalar) and not namespace.is_null():
        yield _value(file, namespace, StageValue("namespace"))
    for patch in (*_mappings(document.get("patches")), *_mappings(document.get("patchesJson6902"))):
        text = patch.get("patch")
        target = patch.text("target", "kind") or ""
        for step in (_steps(file, text) or []) if isinstance(text, yaml.Scalar) else []:
            path, value = step.text("path") or "", step.get("value")
            if isinstance(value, yaml.Scalar) and not value.is_null():
                parts = [
                    part for part in path.split("/") if part and part not in ("name", "value") and not part.isdecimal()
                ]
                yield _value(file, value, StageValue(parts[-1] if parts else path, target))


def _value(file: SourceFile, node: yaml.Scalar, detail: StageValue) -> Symbol:
    return Symbol(Kind.SETTING, Action.DEFINES, Exact(node.text), node.at, "", "stage", file.role, detail)


def _scalars(node: yaml.Node | None) -> list[yaml.Scalar]:
    if isinstance(node, yaml.Scalar) and not node.is_null():
        return [node]
    return [item for item in node if isinstance(item, yaml.Scalar)] if isinstance(node, yaml.Sequence) else []


def _mappings(node: yaml.Node | None) -> list[yaml.Mapping]:
    return [item for item in node if isinstance(item, yaml.Mapping)] if isinstance(node, yaml.Sequence) else []
