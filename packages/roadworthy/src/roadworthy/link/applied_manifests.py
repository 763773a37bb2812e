"""Whether each manifest is put on the cluster, and whether what kustomizations and commands name is there."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.link.manifest_sets import Manifests
from roadworthy.link.release_flow import Step
from roadworthy.link.releases import Releases
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.release import ManifestApplied
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import kubectl
from roadworthy.syntax.command_line import base, calls

_BY_HAND = (
    "secret",
    "namespace",
    "example",
    "sample",
    "crd",
    "debug",
    "test",
    "job",
    "bootstrap",
    "setup",
    "cert",
    "patch",
)
_SYNCED = ("argocd", "argo-cd", "flux", "fleet", "skaffold", "tilt", "devspace", "garden", "okteto")
_MADE = (".env", ".properties", ".pem", ".key", ".crt", ".json")


@dataclass(frozen=True, slots=True)
class _Use:
    """A command that puts manifests on a cluster: what it names, and whether that is a file of its own."""

    step: Step
    path: str
    covered: frozenset[str] | None
    single: bool


def derive(draft: Draft, releases: Releases) -> Iterator[Symbol]:
    """Yield a statement for each manifest and for each path that ought to be one."""
    world = _World(draft, releases)
    yield from world.named()
    yield from world.manifests()


class _World:
    def __init__(self, draft: Draft, releases: Releases) -> None:
        self._draft = draft
        self._files = frozenset(draft.files) | (draft.tracked or frozenset())
        self._sets: Manifests = releases.manifests
        self._uses: list[_Use] = []
        self._documented: set[str] = set()
        self._written: set[str] = set()
        self._fetches = False
        flows = releases.flows
        called = flows.called()
        every = [flows.steps(key) for key in sorted(flows.jobs) if key[0] not in called]
        every += [flows.of_script(path) for path in sorted(flows.scripts) if path not in flows.reached]
        for steps in every:
            self._take(steps)
        for symbol in draft.of(Kind.STEP, Action.REFERS):
            line = symbol.detail
            if isinstance(line, CommandLine) and line.source != "pipeline":
                step = Step(symbol.at, symbol.role, line.words, line.folder, line.source)
                for use in self._of(step):
                    if line.source == "document":
                        self._documented |= use.covered or set()
                    else:
                        self._uses.append(use)
        self._synced = next((path for path in draft.files if any(word in path.lower() for word in _SYNCED)), "")

    def _take(self, steps: list[Step]) -> None:
        for step in steps:
            self._written |= {posixpath.basename(path) for path in step.writes}
            self._fetches = self._fetches or (step.words[:1] in (("curl",), ("wget",)) and "-o" in " ".join(step.words))
            if step.action.lower() == "azure/k8s-deploy":
                for path in dict(step.given).get("manifests", "").split():
                    covered = self._sets.given(path, "", recursive=True)
                    self._uses.append(_Use(step, path, covered.paths if covered else None, path in self._files))
            self._uses += self._of(step)

    def _of(self, step: Step) -> Iterator[_Use]:
        yield from self._mentioned(step, ("<", *step.reads))
        for call in calls(step.words):
            command = kubectl.read(call.words)
            if command is None and base(call.program) == "kustomize" and call.words[1:2] == ("build",):
                folders = [word for word in call.words[2:] if not word.startswith("-")] or ["."]
                command = kubectl.Command("apply", (), (), tuple(folders), "", "", ())
            if command is None or command.verb not in ("apply", "create", "replace", "delete", "kustomize", "diff"):
                if any("/" in word and word.endswith((".yaml", ".yml")) for word in call.words[1:]):
                    yield from self._mentioned(step, call.words)
                continue
            for file in command.files:
                covered = self._sets.given(file, step.folder, recursive="-R" in command.flags)
                yield _Use(step, file, covered.paths if covered else None, bool(covered and len(covered.paths) == 1))
            for folder in command.folders:
                whole = (
                    None
                    if "$" in folder or step.folder is None
                    else posixpath.normpath(posixpath.join(step.folder, folder))
                )
                kustomized = self._sets.kustomized("" if whole == "." else whole) if whole is not None else None
                yield _Use(step, folder, kustomized.paths if kustomized else None, False)

    def _mentioned(self, step: Step, words: tuple[str, ...]) -> Iterator[_Use]:
        """Take in a manifest that another program reads (`envsubst < app.yaml | kubectl apply -f -`)."""
        for word in words[1:]:
            covered = self._sets.given(word, step.folder) if word.endswith((".yaml", ".yml")) else None
            if covered:
                yield _Use(step, word, covered.paths, False)

    def named(self) -> Iterator[Symbol]:
        """Yield what kustomizations and commands name, and whether it is there."""
        for path in sorted(self._sets.kustomizations):
            for symbol in self._sets.lists.get(path, ()):
                if isinstance(symbol.name, Exact) and isinstance(symbol.detail, FileUse):
                    yield self._listed(path, symbol, symbol.name.text)
        for use in self._uses:
            path = use.path
            plain = path.endswith((".yaml", ".yml", "/")) or "/" in path
            if use.step.source not in ("pipeline", "script") or "$" in path or "://" in path or not plain:
                continue
            if use.step.folder is None or use.step.words[:1] == ("kustomize",):
                continue
            whole = posixpath.normpath(posixpath.join(use.step.folder, path))
            if (
                use.covered is None
                and not self._is_there(whole)
                and "*" not in path
                and not path.startswith(("/", "~"))
            ):
                own = posixpath.normpath(posixpath.join(posixpath.dirname(use.step.at.path), path))
                if use.step.source == "script" and (self._is_there(own) or path.startswith("..")):
                    continue
                state = "unclear" if self._fetches or base(path) in self._written else "absent"
                why = "a step before it may write it" if state == "unclear" else ""
                yield self._symbol(
                    whole, use.step.at, use.step.role, state, why, " ".join(use.step.words)[:80], use.step.at
                )

    def _listed(self, path: str, symbol: Symbol, name: str) -> Symbol:
        if self._is_there(name):
            return self._symbol(name, symbol.at, symbol.role, "applied", "", path, symbol.at)
        made = isinstance(symbol.detail, FileUse) and symbol.detail.by == "config" and base(name).endswith(_MADE)
        ignored = base(name) in self._written or made
        chart = posixpath.join(path.rpartition("/")[0], "Chart.yaml")
        state = "unclear" if ignored or {".gitmodules", chart} & self._files else "absent"
        return self._symbol(name, symbol.at, symbol.role, state, "it may be written before", path, symbol.at)

    def _is_there(self, path: str) -> bool:
        path = "" if path == "." else path
        return path in self._files or not path or any(file.startswith(path.rstrip("/") + "/") for file in self._files)

    def manifests(self) -> Iterator[Symbol]:
        """Yield whether each manifest is covered by what covers its neighbours."""
        covered: set[str] = set()
        for path in self._sets.kustomizations:
            whole = self._sets.kustomized(path.rpartition("/")[0])
            covered |= whole.paths if whole else set()
        for use in self._uses:
            covered |= use.covered or set()
        for path in sorted(self._sets.paths):
            if self._sets.roles.get(path) is not FileRole.PROD:
                continue
            neighbour = self._neighbour(path)
            if neighbour is None:
                continue
            by, at = neighbour
            if path in covered:
                yield self._symbol(path, at, FileRole.PROD, "applied", "", by, at)
            elif why := self._excused(path):
                yield self._symbol(path, Span(path), FileRole.PROD, "unclear", why, by, at)
            else:
                yield self._symbol(path, self._first(path), FileRole.PROD, "unapplied", "", by, at)

    def _neighbour(self, path: str) -> tuple[str, Span] | None:
        """Return what covers other manifests of the same folder one by one."""
        folder = path.rpartition("/")[0]
        for kustomization in sorted(self._sets.kustomizations):
            if kustomization.rpartition("/")[0] != folder or self._sets.lists.get(kustomization) is None:
                continue
            for symbol in self._sets.lists[kustomization]:
                if str(symbol.name) in self._sets.paths and str(symbol.name).rpartition("/")[0] == folder:
                    return kustomization, symbol.at
        for use in self._uses:
            alone = use.single and use.step.source in ("pipeline", "script")
            if alone and any(other.rpartition("/")[0] == folder for other in use.covered or ()):
                return " ".join(use.step.words)[:80], use.step.at
        return None

    def _excused(self, path: str) -> str:
        name = base(path).lower()
        if path in self._documented:
            return "a document says to apply it by hand"
        if self._synced:
            return f"{self._synced} may deploy it"
        if any(getattr(s.detail, "form", "") == "cronjob" for s in self._sets.workloads.get(path, ())):
            return ""
        if any(word in name for word in _BY_HAND):
            return "it may be applied by hand"
        for symbol in self._draft.symbols:
            if symbol.at.path == path:
                if isinstance(symbol.detail, ObjectKey) and symbol.detail.object == "Secret":
                    return "secrets may be applied by hand"
                if isinstance(symbol.detail, Workload) and symbol.detail.form in ("job", "pod"):
                    return "a job may be started by hand"
        return ""

    def _first(self, path: str) -> Span:
        found = [s.at for s in self._draft.symbols if s.at.path == path and s.kind is Kind.SERVICE]
        return min(found, default=Span(path))

    def _symbol(self, name: str, at: Span, role: FileRole, state: str, why: str, by: str, by_at: Span) -> Symbol:
        detail = ManifestApplied(state, why, by, by_at)
        return Symbol(Kind.FILE, Action.REFERS, Exact(name), at, "", "release", role, detail)
