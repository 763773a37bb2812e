"""What overlays make of the manifests below them: every fact of a patched resource is read from what is deployed.

Only what is deployed counts: where one of the kustomizations that share a resource is for production, its patches alone;
otherwise those of all that are for no lesser stage. A patch that cannot be followed, or two of them that disagree, leave
the doubt that the collector of kustomizations raised.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from roadworthy.collect.kubernetes.manifest import stated
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import WorkloadChosen
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.kubernetes.patches import merged, operated
from roadworthy.syntax.kubernetes.resource import Resource, resource_of
from roadworthy.syntax.paths import joined
from roadworthy.syntax.problem import SyntaxProblem

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PRODUCTION = re.compile(r"(?:^|[-_/.])(?:prod|production|prd|live)(?:$|[-_/.])", re.IGNORECASE)
_LESSER = re.compile(
    r"(?:^|[-_/.])(?:dev|develop|development|local|minikube|kind|k3[ds]|sandbox|tests?|testing|ci|e2e|qa|uat|stag(?:e|ing)|"
    r"preview|demo|examples?|samples?|int|integration|nonprod)(?:$|[-_/.])",
    re.IGNORECASE,
)
_MAXIMUM_DEPTH = 12
_MAXIMUM_WORK = 200_000
_SELECTED = re.compile(r"[\w./-]+=[\w.-]*(?:,[\w./-]+=[\w.-]*)*")

Read = Callable[[str], SourceFile | None]
Key = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """One patch; `at` is where the collector raises its doubt, `path` its file where it stands in one of its own."""

    at: Span
    kind: str
    name: str
    labels: str
    merges: tuple[yaml.Mapping, ...]
    steps: tuple[yaml.Mapping, ...]
    path: str = ""

    def chooses(self, resource: yaml.Mapping) -> bool | None:
        """Tell whether it is meant for a resource; None where its target cannot be read."""
        kind, name = resource.text("kind") or "", resource.text("metadata", "name") or ""
        try:
            if not (re.fullmatch(self.kind or ".*", kind) and re.fullmatch(self.name or ".*", name)):
                return False
        except re.error:
            return None
        if not self.labels:
            return True
        if not _SELECTED.fullmatch(self.labels):
            return None
        pairs = [pair.partition("=")[::2] for pair in self.labels.split(",")]
        return all(resource.text("metadata", "labels", key) == value for key, value in pairs)


@dataclass(slots=True)
class _Layer:
    """One kustomization."""

    path: str
    document: yaml.Mapping
    inner: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    patches: list[_Patch] = field(default_factory=list)
    counts: list[tuple[yaml.Scalar, yaml.Scalar]] = field(default_factory=list)


@dataclass(slots=True)
class _Built:
    """What one kustomization makes: each resource as written and as deployed, and what became of the patches."""

    items: dict[Key, tuple[Resource, yaml.Mapping]] = field(default_factory=dict)
    touched: dict[Key, list[_Patch | Span]] = field(default_factory=lambda: defaultdict(list))
    failed: set[int] = field(default_factory=set)
    layers: set[str] = field(default_factory=set)


class Overlays:
    """The kustomizations of a repository, and what they make of its manifests."""

    def __init__(self, paths: list[str], read: Read) -> None:
        self._read = read
        self._layers: dict[str, _Layer] = {}
        self._work = 0
        for path in paths:
            if layer := self._layer(path):
                self._layers[path.rpartition("/")[0]] = layer
        self._sought = frozenset(self._needles())

    def _needles(self) -> Iterator[str]:
        """Yield words one of which stands in every manifest that is changed."""
        for layer in self._layers.values():
            yield from (name.text for name, _ in layer.counts)
            for patch in layer.patches:
                for text in (patch.name, patch.kind):
                    if text and re.fullmatch(r"[\w.|-]+", text):
                        yield from text.split("|")
                        break
                else:
                    yield "metadata"

    def apply(self, symbols: list[Symbol], opens: list[Open]) -> None:
        """Replace what single manifests say by what is deployed, and take back the doubts that are settled."""
        if not self._sought:
            return
        built = {folder: self._build(folder, 0) for folder in self._roots()}
        judged = {folder for folder in built if not self._overshadowed(folder, built)}
        among: dict[Key, list[_Built]] = defaultdict(list)
        for folder in judged:
            for key in built[folder].items:
                among[key].append(built[folder])
        failed = set[int]().union(*(built[folder].failed for folder in judged))
        settled: dict[int, Span] = {}
        gone: set[Symbol] = set()
        closed: set[Open] = set()
        added: set[Symbol] = set()
        for key, makers in among.items():
            touches = [touch for one in makers for touch in one.touched.get(key, ())]
            if not touches:
                continue
            if len(makers) > 1:
                failed |= {id(touch) for touch in touches}
                continue
            resource, node = makers[0].items[key]
            before, after = list(stated(resource)), list(stated(_with(resource, node)))
            gone |= {s for s in before if isinstance(s, Symbol)} - {s for s in after if isinstance(s, Symbol)}
            closed |= {s for s in before if isinstance(s, Open)} - {s for s in after if isinstance(s, Open)}
            known = set(before)
            added |= {s for s in after if isinstance(s, Symbol)}
            symbols += [s for s in after if isinstance(s, Symbol) and s not in known]
            opens += [s for s in after if isinstance(s, Open) and s not in known]
            settled |= {id(touch): touch if isinstance(touch, Span) else touch.at for touch in touches}
        self._settle(symbols, opens, _Outcome(built, judged, settled, failed, gone, closed, added))

    def _settle(self, symbols: list[Symbol], opens: list[Open], outcome: "_Outcome") -> None:
        in_force = set[str]().union(*(outcome.built[folder].layers for folder in outcome.judged))
        aside = set[str]().union(*(one.layers for one in outcome.built.values())) - in_force
        places: set[Span] = {at for id_, at in outcome.settled.items() if id_ not in outcome.failed}
        files: dict[str, bool] = {}
        for folder, layer in self._layers.items():
            for patch in layer.patches:
                done = folder in aside or (id(patch) in outcome.settled and id(patch) not in outcome.failed)
                if done:
                    places.add(patch.at)
                if patch.path:
                    files[patch.path] = files.get(patch.path, True) and done
            places |= {name.at for name, _ in layer.counts if folder in aside}
        over = {path for path, done in files.items() if done}
        partial = {said for path in over for resource in self._patch_file(path) for said in stated(resource)}
        gone = outcome.gone | ({s for s in partial if isinstance(s, Symbol)} - outcome.added)
        symbols[:] = [
            _merged_patch(s) if isinstance(s.detail, FileUse) and str(s.name) in over else s
            for s in symbols
            if s not in gone
            and not (isinstance(s.detail, WorkloadChosen) and s.detail.by == "kustomize" and s.at in places)
        ]
        closed = outcome.closed | {s for s in partial if isinstance(s, Open)}
        opens[:] = [o for o in opens if o.at not in places and o not in closed]

    def _patch_file(self, path: str) -> tuple[Resource, ...]:
        file = self._read(path)
        return tuple(r for node in self._nodes(path) if file is not None and (r := resource_of(file, node)) is not None)

    def _roots(self) -> list[str]:
        inside = {name for layer in self._layers.values() for name in layer.inner}
        return [
            folder
            for folder, layer in self._layers.items()
            if folder not in inside and layer.document.text("kind") != "Component"
        ]

    def _overshadowed(self, folder: str, built: dict[str, _Built]) -> bool:
        mine = _standing(folder)
        shared = {path for path, _ in built[folder].items}
        return mine < 2 and any(
            _standing(other) > mine and not shared.isdisjoint(path for path, _ in one.items)
            for other, one in built.items()
            if other != folder
        )

    def _build(self, folder: str, depth: int) -> _Built:
        built = _Built()
        layer = self._layers.get(folder)
        if layer is None or depth > _MAXIMUM_DEPTH:
            return built
        built.layers.add(folder)
        for path in layer.files:
            for position, resource in enumerate(self._resources(path)):
                built.items[path, position] = (resource, resource.node)
        parts = [name for name in layer.inner if self._layers[name].document.text("kind") == "Component"]
        for name in [name for name in layer.inner if name not in parts]:
            inner = self._build(name, depth + 1)
            built.items |= inner.items
            built.failed |= inner.failed
            built.layers |= inner.layers
            for key, touches in inner.touched.items():
                built.touched[key] += touches
        for name in parts:
            part = self._layers[name]
            built.layers.add(name)
            for path in part.files:
                for position, resource in enumerate(self._resources(path)):
                    built.items[path, position] = (resource, resource.node)
            self._change(built, part)
        self._change(built, layer)
        return built

    def _change(self, built: _Built, layer: _Layer) -> None:
        for patch in layer.patches:
            for key, (resource, node) in list(built.items.items()):
                self._work += 1
                chosen = patch.chooses(node) if self._work < _MAXIMUM_WORK else None
                if chosen is False:
                    continue
                changed = _patched(node, patch) if chosen else None
                if changed is None:
                    built.failed.add(id(patch))
                else:
                    built.items[key] = (resource, changed)
                built.touched[key].append(patch)
        for name, count in layer.counts:
            for key, (resource, node) in list(built.items.items()):
                self._work += 1
                if node.text("metadata", "name") == name.text and node.get("spec", "template") is not None:
                    spec = yaml.Mapping([(yaml.Scalar("replicas", True, count.at), count)], count.at)
                    over = yaml.Mapping([(yaml.Scalar("spec", True, count.at), spec)], count.at)
                    built.items[key] = (resource, merged(node, over))
                    built.touched[key].append(name.at)

    def _resources(self, path: str) -> tuple[Resource, ...]:
        """Return the resources of a manifest, none where no patch is meant for any of them."""
        file = self._read(path)
        if file is None or not any(word in file.text for word in self._sought):
            return ()
        try:
            return tuple(r for node in yaml.documents(file) if (r := resource_of(file, node)) is not None)
        except (SyntaxProblem, RecursionError):
            return ()

    def _layer(self, path: str) -> _Layer | None:
        file = self._read(path)
        try:
            document = yaml.documents(file)[0] if file is not None and yaml.documents(file) else None
        except SyntaxProblem:
            return None
        if file is None or not isinstance(document, yaml.Mapping):
            return None
        layer = _Layer(path, document)
        for key in ("resources", "bases", "components"):
            for node in _scalars(document.get(key)):
                name = joined(file.folder, node.text)
                if name is not None and "://" not in node.text:
                    self._follow(layer, name)
        layer.patches += self._patches(file, document)
        for item in _mappings(document.get("replicas")):
            name_, count = item.get("name"), item.get("count")
            if isinstance(name_, yaml.Scalar) and isinstance(count, yaml.Scalar):
                layer.counts.append((name_, count))
        return layer

    def _follow(self, layer: _Layer, name: str) -> None:
        if any(self._read(f"{name}/{file}" if name else file) is not None for file in NAMES):
            layer.inner.append(name)
        else:
            layer.files.append(name)

    def _patches(self, file: SourceFile, document: yaml.Mapping) -> Iterator[_Patch]:
        for node in _scalars(document.get("patchesStrategicMerge")):
            if "\n" in node.text:
                yield from _merging(node.at, _embedded(node, file))
            elif path := joined(file.folder, node.text):
                yield from _merging(node.at, self._nodes(path), path)
        for entry in (*_mappings(document.get("patches")), *_mappings(document.get("patchesJson6902"))):
            inline, given = entry.get("patch"), entry.text("path")
            path = joined(file.folder, given) if given else None
            nodes = _embedded(inline, file) if isinstance(inline, yaml.Scalar) else self._nodes(path) if path else ()
            target = entry.get("target")
            if not isinstance(target, yaml.Mapping):
                yield from _merging(entry.at, nodes, path or "")
                continue
            steps = [step for node in nodes if isinstance(node, yaml.Sequence) for step in _mappings(node)]
            merges = [node for node in nodes if isinstance(node, yaml.Mapping)]
            labels = target.text("labelSelector") or ("?" if target.get("annotationSelector") is not None else "")
            yield _Patch(
                entry.at, target.text("kind") or "", target.text("name") or "", labels, tuple(merges), tuple(steps),
                path or "",
            )  # fmt: skip

    def _nodes(self, path: str) -> tuple[yaml.Node, ...]:
        file = self._read(path)
        try:
            return yaml.documents(file) if file is not None else ()
        except SyntaxProblem:
            return ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    built: dict[str, _Built]
    judged: set[str]
    settled: dict[int, Span]
    failed: set[int]
    gone: set[Symbol]
    closed: set[Open]
    added: set[Symbol]


def _standing(folder: str) -> int:
    return (
        2 if _PRODUCTION.search(folder) and not re.search(r"non-?prod", folder) else 0 if _LESSER.search(folder) else 1
    )


def _merged_patch(symbol: Symbol) -> Symbol:
    """Say of a patch's file that its content is already where it belongs."""
    detail = symbol.detail
    is_patch = isinstance(detail, FileUse) and detail.by == "patch"
    return replace(symbol, detail=FileUse("merged patch")) if is_patch else symbol


def _with(resource: Resource, node: yaml.Mapping) -> Resource:
    return Resource(resource.file, node, resource.kind, resource.name)


def _merging(at: Span, nodes: tuple[yaml.Node, ...], path: str = "") -> Iterator[_Patch]:
    for node in nodes:
        if isinstance(node, yaml.Mapping):
            kind, name = node.text("kind"), node.text("metadata", "name")
            if kind and name:
                yield _Patch(at, re.escape(kind), re.escape(name), "", (node,), (), path)


def _patched(node: yaml.Mapping, patch: _Patch) -> yaml.Mapping | None:
    if not patch.merges and not patch.steps:
        return None
    for merge in patch.merges:
        if merge.text("$patch") == "delete":
            return None
        kept = [(key, value) for key, value in merge.items() if key.text not in ("apiVersion", "kind")]
        over = yaml.Mapping([(k, _unnamed(v) if k.text == "metadata" else v) for k, v in kept], merge.at)
        node = merged(node, over)
    return operated(node, patch.steps) if patch.steps else node


def _unnamed(metadata: yaml.Node) -> yaml.Node:
    if not isinstance(metadata, yaml.Mapping):
        return metadata
    return yaml.Mapping([(k, v) for k, v in metadata.items() if k.text not in ("name", "namespace")], metadata.at)


def _embedded(node: yaml.Scalar, file: SourceFile) -> tuple[yaml.Node, ...]:
    try:
        return yaml_places.embedded(node, file)
    except SyntaxProblem:
        return ()


def _scalars(node: yaml.Node | None) -> list[yaml.Scalar]:
    return [item for item in node if isinstance(item, yaml.Scalar)] if isinstance(node, yaml.Sequence) else []


def _mappings(node: yaml.Node | None) -> list[yaml.Mapping]:
    return [item for item in node if isinstance(item, yaml.Mapping)] if isinstance(node, yaml.Sequence) else []
