"""Which manifests lie where, what each holds, and which a kustomization or a path given to kubectl covers."""

import posixpath
from collections import defaultdict
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import kubectl

_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_ROLLED = frozenset({"deployment", "statefulset", "daemonset", "rollout", "replicaset", "pod"})


@dataclass(frozen=True, slots=True)
class Covered:
    """Manifests that a command puts on a cluster; `sure` tells that it can be no others."""

    paths: frozenset[str]
    sure: bool


class Manifests:
    """The manifests of a repository."""

    def __init__(self, draft: Draft) -> None:
        self._files = frozenset(draft.files)
        self.paths = frozenset(a.path for a in draft.artifacts if a.kind == "kubernetes/manifest")
        self.roles = {a.path: a.role for a in draft.artifacts if a.kind == "kubernetes/manifest"}
        self.kustomizations = frozenset(a.path for a in draft.artifacts if a.kind == "kustomization")
        self.workloads: dict[str, list[Symbol]] = defaultdict(list)
        self.named: dict[str, list[Symbol]] = defaultdict(list)
        self.lists: dict[str, list[Symbol]] = defaultdict(list)
        for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
            if isinstance(symbol.detail, Workload) and symbol.detail.artifact == "kubernetes":
                self.workloads[symbol.at.path].append(symbol)
                if symbol.detail.form not in ("sidecar", "init"):
                    self.named[str(symbol.name)].append(symbol)
        for symbol in draft.of(Kind.FILE, Action.REFERS):
            if isinstance(symbol.detail, FileUse) and symbol.at.path in self.kustomizations:
                self.lists[symbol.at.path].append(symbol)

    def rolled(self, paths: frozenset[str], command: kubectl.Command | None = None) -> Symbol | None:
        """Return the first workload among these manifests that keeps running and that a command selects."""
        for path in sorted(paths):
            for symbol in self.workloads.get(path, ()):
                workload = symbol.detail
                kept = isinstance(workload, Workload) and workload.form in _ROLLED
                if kept and (command is None or command.selects(getattr(workload, "labels", ()))):
                    return symbol
        return None

    def kustomized(self, folder: str, seen: frozenset[str] = frozenset()) -> Covered | None:
        """Return what a kustomization puts together; None where there is none in the folder."""
        path = next(
            (posixpath.join(folder, n) for n in _KUSTOMIZATIONS if posixpath.join(folder, n) in self._files), ""
        )
        if not path or path in seen:
            return None
        found, sure = {path}, True
        for symbol in self.lists.get(path, ()):
            if not (isinstance(symbol.name, Exact) and isinstance(symbol.detail, FileUse)):
                continue
            name = symbol.name.text
            if name in self._files:
                found.add(name)
            elif inner := self.kustomized(name, seen | {path}):
                found |= inner.paths
                sure = sure and inner.sure
            else:
                sure = False
        return Covered(frozenset(found), sure)

    def given(self, path: str, folder: str | None, *, recursive: bool = False) -> Covered | None:
        """Return what `kubectl apply -f path` covers; None where the path cannot be followed."""
        if "$" in path or "://" in path or path == "-" or folder is None:
            return None
        whole = posixpath.normpath(posixpath.join(folder, path.split("*")[0] if "*" in path else path))
        whole = "" if whole == "." else whole
        if whole in self._files:
            return Covered(frozenset({whole}), True)
        prefix = whole + "/" if whole and "*" not in path else whole
        inside = {
            file
            for file in self.paths | self.kustomizations
            if file.startswith(prefix) and (recursive or "*" in path or "/" not in file[len(prefix) :])
        }
        return Covered(frozenset(inside), True) if inside else None
