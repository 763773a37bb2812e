"""Whether commands that speak to a cluster say in which namespace, and name what a manifest defines."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.link.draft import Draft
from roadworthy.link.manifest_sets import Manifests
from roadworthy.link.release_flow import Step
from roadworthy.link.releases import Releases
from roadworthy.model.detail.release import ClusterCommand, NamespaceGiven
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import kubectl
from roadworthy.syntax.command_line import calls

_OPERATING = re.compile(
    r"runbook|playbook|operat|deploy|incident|rollback|recover|disaster|on-?call|release", re.IGNORECASE
)
_JUDGED = frozenset(
    {"rollout status", "rollout undo", "rollout restart", "rollout history", "set", "scale", "exec", "logs", "wait"}
    | {"delete", "patch", "describe", "get", "port-forward", "annotate", "label", "edit"}
)
_KINDS = frozenset({"deployment", "statefulset", "daemonset", "cronjob", "job"})
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_NEUTRAL = frozenset({"", "default"})


def derive(draft: Draft, releases: Releases) -> Iterator[Symbol]:
    """Yield a statement for each command that names a workload."""
    world = _World(draft, releases.manifests)
    seen: set[tuple[object, ...]] = set()
    flows = list(_flows(draft, releases))
    made = {name for steps in flows for step in steps for name in _made(step.words)}
    for steps in flows:
        lines = [(step, command) for step in steps for command in _commands(step.words)]
        chosen = any(command.verb == "config set-context" and command.namespace for _, command in lines) or any(
            step.words[:1] in (("kubens",), ("oc",)) for step in steps
        )
        for step, command in lines:
            for kind, name in command.named:
                key = (step.at, kind, name)
                if command.verb in _JUDGED and kind in _KINDS and key not in seen and name not in made:
                    seen.add(key)
                    detail = world.judge(step, command, kind, name, chosen=chosen)
                    if detail is not None:
                        yield Symbol(
                            Kind.SERVICE, Action.REFERS, Exact(name), step.at, "", "release", step.role, detail
                        )


def _flows(draft: Draft, releases: Releases) -> Iterator[list[Step]]:
    flows = releases.flows
    called = flows.called()
    for key in sorted(flows.jobs):
        if key[0] not in called:
            yield flows.steps(key)
    reached = set(flows.reached)
    for path in sorted(flows.scripts):
        if path not in reached:
            yield flows.of_script(path)
    documents: dict[str, list[Step]] = {}
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        line = symbol.detail
        if isinstance(line, CommandLine) and line.source == "document" and _OPERATING.search(symbol.at.path):
            step = Step(symbol.at, FileRole.PROD, line.words, None, "document")
            documents.setdefault(symbol.at.path, []).append(step)
    yield from documents.values()


def _commands(words: tuple[str, ...]) -> Iterator[kubectl.Command]:
    for call in calls(words):
        command = kubectl.read(call.words)
        if command is not None:
            yield command


def _made(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of what a command makes without a manifest: `kubectl create job --from=cronjob/backup by-hand`."""
    for call in calls(words):
        for word, follower in zip(call.words, call.words[1:], strict=False):
            if word == "create" and follower in _KINDS and kubectl.read(call.words) is not None:
                yield from (name for name in call.words[call.words.index(follower) + 1 :] if _NAME.fullmatch(name))


class _World:
    def __init__(self, draft: Draft, manifests: Manifests) -> None:
        self._manifests = manifests
        self._namespaces: dict[str, set[str]] = {}
        for symbol in draft.of(Kind.SETTING, Action.DEFINES):
            if isinstance(symbol.detail, NamespaceGiven):
                covered = manifests.kustomized(symbol.detail.folder)
                for path in covered.paths if covered else ():
                    self._namespaces.setdefault(path, set()).add(str(symbol.name))
        self._open = next(
            (
                o.reason
                for o in draft.opens
                if (o.kind is Kind.SERVICE and ("Helm" in o.reason or "prefix" in o.reason or "suffix" in o.reason))
                or (o.kind is Kind.FILE and "from elsewhere" in o.reason)
            ),
            "",
        ) or next((f"{path} puts in manifests from elsewhere" for path in sorted(self._elsewhere())), "")

    def _elsewhere(self) -> Iterator[str]:
        for path in self._manifests.kustomizations:
            covered = self._manifests.kustomized(path.rpartition("/")[0])
            if covered and not covered.sure:
                yield path

    def judge(
        self, step: Step, command: kubectl.Command, kind: str, name: str, *, chosen: bool
    ) -> ClusterCommand | None:
        """Hold a command against the manifests that define what it names."""
        shown = " ".join(step.words)[:100]
        alike = [s for s in self._manifests.named.get(name, ()) if getattr(s.detail, "form", "") == kind]
        alike = [s for s in alike if s.role in (FileRole.PROD, FileRole.DEV)]
        if not alike:
            return self._missing(shown, kind, name)
        spaces = {space for symbol in alike for space in self._of(symbol)}
        there = alike[0]
        if not spaces or spaces & _NEUTRAL:
            return None
        if command.namespace or command.everywhere or chosen:
            given = command.namespace
            if given and "$" not in given and given not in spaces and len(spaces) == 1:
                why = f"it asks in `{given}`"
                return ClusterCommand(shown, "unqualified", why, min(spaces), there.at)
            return ClusterCommand(shown, "qualified", "", min(spaces), there.at)
        return ClusterCommand(shown, "unqualified", "it names no namespace", min(spaces), there.at)

    def _of(self, symbol: Symbol) -> set[str]:
        own = symbol.detail.namespace if isinstance(symbol.detail, Workload) else ""
        return self._namespaces.get(symbol.at.path) or {own}

    def _missing(self, shown: str, kind: str, name: str) -> ClusterCommand | None:
        known = sorted(n for n, symbols in self._manifests.named.items() if self._plain(symbols))
        if not known or "$" in name:
            return None
        if self._open:
            return ClusterCommand(shown, "unclear", self._open)
        same = [n for n in known if any(getattr(s.detail, "form", "") == kind for s in self._manifests.named[n])]
        near = get_close_matches(name, same, 1, 0.5) or (same[:1] if len(same) == 1 else [])
        if not near:
            return ClusterCommand(shown, "unclear", f"`{name}` may stand on the cluster without a manifest here")
        there = self._manifests.named[near[0]][0]
        return ClusterCommand(shown, "unknown", near[0], "", there.at)

    def _plain(self, symbols: list[Symbol]) -> bool:
        return any(symbol.role is FileRole.PROD for symbol in symbols)
