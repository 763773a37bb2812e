"""How new versions are brought out: what each releasing job or script changes, and whether it waits, asks and can go back."""

from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.link.manifest_sets import Manifests
from roadworthy.link.release_flow import Flows, Key, Step
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.detail.release import ReleaseFound
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base
from roadworthy.syntax.release_command import Act, acts

_ACTIONS: dict[str, frozenset[str]] = {
    "azure/k8s-deploy": frozenset({"change", "wait"}),
    "aws-actions/amazon-ecs-deploy-task-definition": frozenset({"change"}),
    "google-github-actions/deploy-cloudrun": frozenset({"change", "wait", "undo", "ask"}),
    "google-github-actions/deploy-appengine": frozenset({"change", "wait", "undo", "ask"}),
    "azure/webapps-deploy": frozenset({"change", "wait"}),
    "azure/container-apps-deploy-action": frozenset({"change", "wait"}),
    "akhileshns/heroku-deploy": frozenset({"change", "wait", "undo", "ask"}),
    "amondnet/vercel-action": frozenset({"change", "wait", "undo", "ask"}),
    "jtalk/url-health-check-action": frozenset({"ask"}),
}
_MAY_DO = (
    "deploy",
    "rollout",
    "smoke",
    "health",
    "verify",
    "check",
    "wait",
    "test",
    "release",
    "rollback",
    "argocd",
    "helm",
)
_PLAIN_ACTIONS = (
    "checkout",
    "setup-",
    "login",
    "cache",
    "metadata-action",
    "build-push-action",
    "credentials",
    "upload-",
)
_PROGRAMS = frozenset(
    {"python", "python3", "node", "ruby", "go", "deno", "bun", "npx", "uv", "poetry", "ansible-playbook"}
)
_SCRIPT_NAMES = ("deploy", "release", "rollout", "upgrade", "promote")
_SHOWING = frozenset({"kustomize", "envsubst", "sed", "cat", "helm", "yq", "cdk8s", "jsonnet"})


@dataclass(frozen=True, slots=True)
class Done:
    """One act of a flow, where it stands, and the workload it rolls out."""

    act: Act
    step: Step
    order: int
    workload: Symbol | None = None


class Releases:
    """The flows that change what runs."""

    def __init__(self, draft: Draft, flows: Flows | None = None, manifests: Manifests | None = None) -> None:
        self._draft = draft
        self.flows = flows or Flows(draft)
        self.manifests = manifests or Manifests(draft)
        self._done: dict[Key, list[Done]] = {}

    def found(self) -> Iterator[Symbol]:
        """Yield what there is to say of each release."""
        called = self.flows.called()
        undone = self._undone_anywhere()
        triggered = self._triggered()
        asked = triggered or self._asked()
        for key, symbol in sorted(self.flows.jobs.items()):
            job = symbol.detail
            if key[0] in called or not isinstance(job, PipelineJob) or job.switched_off:
                continue
            steps = self.flows.steps(key)
            # What waits for or asks another environment's version says nothing of this one.
            behind = [self.flows.steps(other) for other in self.flows.after(key)]
            later = [part for part in behind if not any("change" in done.act.does for done in self.done(part))]
            yield from self._release(str(symbol.name), symbol.at, symbol.role, steps, later, undone, triggered)
        for path in self.loose_scripts():
            steps = self.flows.of_script(path)
            if steps:
                yield from self._release(base(path), steps[0].at, steps[0].role, steps, [], undone, asked)

    def loose_scripts(self) -> list[str]:
        """Return the scripts for releasing that no pipeline runs."""
        for key in self.flows.jobs:
            self.flows.steps(key)
        reached = set(self.flows.reached)
        return [
            path
            for path in sorted(self.flows.scripts)
            if path not in reached and any(word in base(path).lower() for word in _SCRIPT_NAMES)
        ]

    def done(self, steps: list[Step]) -> list[Done]:
        """Return the acts of a flow, in order."""
        found: list[Done] = []
        shown: Symbol | None = None
        for order, step in enumerate(steps):
            if step.action:
                does = _ACTIONS.get(step.action.lower(), frozenset[str]())
                if step.action.lower().endswith("ecs-deploy-task-definition") and dict(step.given).get(
                    "wait-for-service-stability", ""
                ).startswith("true"):
                    does |= {"wait"}
                if does:
                    found.append(Done(Act(does, step.action, ()), step, order))
                continue
            if base(step.words[0]) in _SHOWING if step.words else False:
                shown = self._shown(step) or shown
            for act in acts(step.words):
                workload = self._rolled(act, step, shown) if act.cluster else None
                does = act.does
                if act.cluster and "change" in does and workload is None and not self._certain(act):
                    does -= {"change"}
                if act.cluster and act.cluster.verb == "wait" and {kind for kind, _ in act.cluster.named} == {"job"}:
                    # The end of a job, say of the migration, says nothing of the new version.
                    does -= {"wait"}
                if does:
                    found.append(Done(Act(does, act.tool, act.words, act.cluster), step, order, workload))
        return found

    def _certain(self, act: Act) -> bool:
        """Tell whether a command changes what runs, whatever it names."""
        return act.cluster is not None and act.cluster.verb in ("set", "rollout restart")

    def _rolled(self, act: Act, step: Step, shown: Symbol | None) -> Symbol | None:
        command = act.cluster
        if command is None:
            return None
        for kind, name in command.named:
            for symbol in self.manifests.named.get(name, ()):
                if getattr(symbol.detail, "form", "") == kind:
                    return symbol
        if command.verb not in ("apply", "create", "replace"):
            return None
        for file in command.files:
            covered = self.manifests.given(file, step.folder, recursive="-R" in command.flags)
            if covered and (kept := self.manifests.rolled(covered.paths, command)):
                return kept
            if file == "-" and shown is not None:
                return shown
        for folder in command.folders:
            whole = self.manifests.given(folder, step.folder, recursive=True)
            if whole and (kept := self.manifests.rolled(whole.paths, command)):
                return kept
            if "$" in folder:
                return self.manifests.rolled(self.manifests.paths, command)
        return None

    def _shown(self, step: Step) -> Symbol | None:
        for word in (*step.words[1:], *step.reads):
            covered = self.manifests.given(word, step.folder, recursive=True) if "/" in word or "." in word else None
            if covered and (symbol := self.manifests.rolled(covered.paths)):
                return symbol
        return None

    def _release(
        self,
        name: str,
        at: Span,
        role: FileRole,
        steps: list[Step],
        later: list[list[Step]],
        undone: Span | None,
        triggered: Span | None,
    ) -> Iterator[Symbol]:
        own = self.done(steps)
        changes = [done for done in own if "change" in done.act.does]
        if not changes:
            return
        first, last = changes[0], changes[-1]
        following = [d for d in own if d.order >= first.order]
        behind = [done for part in later for done in self.done(part)]
        waits = next((d.step.at for d in (*following, *behind) if "wait" in d.act.does), None)
        undoes = next((d.step.at for d in (*own, *behind) if "undo" in d.act.does), undone)
        after = [d for d in own if d.order > last.order or (d is last and "ask" in d.act.does)]
        asks = next((d.step.at for d in (*after, *behind) if "ask" in d.act.does), triggered)
        doubt = _doubt([*steps[last.order + 1 :], *(step for part in later for step in part)])
        by = " ".join(first.act.words)[:80] or first.act.tool
        workload = first.workload
        detail = ReleaseFound(
            by,
            first.act.tool,
            waits,
            undoes,
            asks,
            doubt,
            str(workload.name) if workload else "",
            workload.at if workload else None,
        )
        yield Symbol(Kind.PIPELINE, Action.REFERS, Exact(name), first.step.at, "", "release", role, detail)

    def _undone_anywhere(self) -> Span | None:
        """Return a place of the repository, a document included, that says how the old version comes back."""
        for symbol in self._draft.symbols:
            if isinstance(symbol.detail, CommandLine) and any("undo" in act.does for act in acts(symbol.detail.words)):
                return symbol.at
        for path, symbols in sorted(self.flows.scripts.items()):
            if "rollback" in base(path).lower():
                return symbols[0].at if symbols else Span(path)
            for step in symbols:
                words = getattr(step.detail, "words", ())
                if any("undo" in act.does for act in acts(words)):
                    return step.at
        return None

    def _asked(self) -> Span | None:
        """Return the place where a job of an environment asks the version there, whoever brought it out."""
        for key, symbol in sorted(self.flows.jobs.items()):
            if isinstance(symbol.detail, PipelineJob) and symbol.detail.environment:
                for done in self.done(self.flows.steps(key)):
                    if "ask" in done.act.does:
                        return done.step.at
        return None

    def _triggered(self) -> Span | None:
        """Return the place of a workflow that runs once another has ended, and asks something."""
        for key, symbol in sorted(self.flows.jobs.items()):
            job = symbol.detail
            if isinstance(job, PipelineJob) and ("deployment_status" in job.triggers or job.after):
                for done in self.done(self.flows.steps(key)):
                    if "ask" in done.act.does:
                        return done.step.at
        return None


def _doubt(steps: list[Step]) -> str:
    """Return what of these steps may wait for or ask the new version unseen."""
    for step in steps:
        name = step.action.lower()
        if step.action and any(word in name for word in _MAY_DO) and not any(word in name for word in _PLAIN_ACTIONS):
            return f"what {step.action} does is not seen"
        if step.words and base(step.words[0]) in _PROGRAMS:
            return f"what `{' '.join(step.words)[:60]}` does is not seen"
        if step.words and "/" in step.words[0] and not step.words[0].startswith("/") and "$" not in step.words[0]:
            return f"what `{step.words[0]}` does is not seen"
    return ""
