"""When migrations run: before the new version, after it, in every replica as it starts, or never."""

import re
from collections.abc import Iterator

from roadworthy.link import compose_migrations
from roadworthy.link.draft import Draft
from roadworthy.link.release_flow import Key, Step
from roadworthy.link.releases import Done, Releases
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.detail.release import MigrationOrder, MigrationStep
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base
from roadworthy.syntax.release_command import acts, locked, migrates

_RELEASING = re.compile(r"migrat|deploy|release|schema|rollout|publish|production|staging", re.IGNORECASE)
_OPERATING = re.compile(r"runbook|operat|deploy|release|rollout|upgrad", re.IGNORECASE)
_WAITING = re.compile(r"\bwait\b|\bjobs?\b|\blogs\b|complete|\bsleep\b|python|node\b")
_STARTS = ("entrypoint", "command")


def derive(draft: Draft, releases: Releases) -> Iterator[Symbol]:
    """Yield when migrations run, where the repository holds any."""
    newest = _newest(draft)
    if newest is None:
        return
    world = _World(draft, releases, newest)
    found = [*world.in_flows(), *world.in_replicas()]
    yield from found
    yield from compose_migrations.derive(draft, world.newest)
    if not found:
        yield from world.never()


def in_compose(draft: Draft) -> Iterator[Symbol]:
    """Yield the services of compose files that wait, or do not, for the one that migrates: all there is without a release."""
    newest = _newest(draft)
    if newest is not None:
        yield from compose_migrations.derive(draft, newest)


def _newest(draft: Draft) -> Symbol | None:
    steps = [
        s
        for s in draft.of(Kind.COLUMN, Action.DEFINES)
        if isinstance(s.detail, MigrationStep) and s.role is FileRole.PROD and not s.detail.harm
    ]
    return max(steps, key=lambda s: s.at, default=None)


class _World:
    def __init__(self, draft: Draft, releases: Releases, newest: Symbol) -> None:
        self._draft = draft
        self._releases = releases
        self.newest = newest
        self._testing = {(s.at.path, s.detail.job) for s in draft.symbols if isinstance(s.detail, RunnerCalled)}
        self._rollouts: list[Done] = []
        named = list(_named(draft))
        self._workloads = [workload for _, workload in named]
        self._jobs = [workload for name, workload in named if workload.form == "job" and "migrat" in name]

    def in_flows(self) -> Iterator[Symbol]:
        """Yield each migration that a releasing job or script runs, and whether that is before the new version."""
        flows = self._releases.flows
        called = flows.called()
        for key, symbol in sorted(flows.jobs.items()):
            if key[0] in called or symbol.role is not FileRole.PROD:
                continue
            steps = flows.steps(key)
            done = self._releases.done(steps)
            changes = [d for d in done if self._rolls(d)]
            self._rollouts += changes
            migrating = self._migrating(done, steps)
            if changes:
                yield from self._inside(changes, migrating, steps)
                if not migrating:
                    yield from self._around(key, changes)
        for path in self._releases.loose_scripts():
            steps = flows.of_script(path)
            done = self._releases.done(steps)
            changes = [d for d in done if self._rolls(d)]
            self._rollouts += changes
            if changes:
                yield from self._inside(changes, self._migrating(done, steps), steps)

    def _rolls(self, done: Done) -> bool:
        """Tell whether an act brings a version out that keeps running."""
        if "change" not in done.act.does or "migrate" in done.act.does:
            return False
        text = " ".join(done.act.words)
        return done.workload is not None or done.act.cluster is None or "set" in text

    def _migrating(self, done: list[Done], steps: list[Step]) -> list[Done]:
        """Return what migrates, with the commands whose selector takes the Job that does, and nothing that keeps running."""
        found = [d for d in done if "migrate" in d.act.does]
        kept = [w.labels for w in self._workloads if w.form in ("deployment", "statefulset", "daemonset")]
        for order, step in enumerate(steps) if self._jobs else ():
            for act in acts(step.words):
                command = act.cluster
                starts = command is not None and command.verb in ("apply", "create", "replace") and command.selector
                if command is None or not starts or "migrate" in act.does:
                    continue
                if all(command.selects(job.labels) for job in self._jobs) and not any(map(command.selects, kept)):
                    found.append(Done(act, step, order))
        return sorted(found, key=lambda d: d.order)

    def _awaits(self, early: Done, first: Done, steps: list[Step]) -> bool:
        """Tell whether something between the start of a Job and the rollout may wait for its end."""
        if early.act.cluster is None or early.act.cluster.verb not in ("apply", "create", "replace"):
            return True
        if any(w.form == "init" for w in self._workloads):
            # A container before the others of the pod may wait for the schema.
            return True
        between = steps[early.order + 1 : first.order]
        return any(step.action or step.opaque or _WAITING.search(" ".join(step.words)) for step in between)

    def _inside(self, changes: list[Done], migrating: list[Done], steps: list[Step]) -> Iterator[Symbol]:
        first = changes[0]
        early = [d for d in migrating if d.order < first.order]
        late = [d for d in migrating if d.order > first.order]
        if early and not self._awaits(early[-1], first, steps):
            yield self._symbol(early[-1].step, "unawaited", "", first.step.at, _shown(first))
        elif early:
            yield self._symbol(early[0].step, "before", "", first.step.at, _shown(first))
        elif late:
            yield self._symbol(late[0].step, "late", "", first.step.at, _shown(first))

    def _around(self, key: Key, changes: list[Done]) -> Iterator[Symbol]:
        """Look in the other jobs of the same workflow."""
        flows = self._releases.flows
        before, after = flows.before(key), set(flows.after(key))
        for other in sorted(flows.jobs):
            job = flows.jobs[other].detail
            if other[0] != key[0] or other == key or other in self._testing or not isinstance(job, PipelineJob):
                continue
            named = _RELEASING.search(other[1]) or job.environment
            migrating = [d for d in self._releases.done(flows.steps(other)) if "migrate" in d.act.does]
            if not migrating or not named:
                continue
            step, first = migrating[0].step, changes[0]
            if other in before:
                yield self._symbol(step, "before", "", first.step.at, _shown(first))
            elif other in after:
                yield self._symbol(step, "late", f"`{other[1]}` needs `{key[1]}`", first.step.at, _shown(first))
            else:
                why = f"`{key[1]}` does not need `{other[1]}`"
                yield self._symbol(step, "late", why, first.step.at, _shown(first))
            return

    def in_replicas(self) -> Iterator[Symbol]:
        """Yield each start command that migrates in a workload of several replicas."""
        many = dict(self._many())
        scripts = self._releases.flows.scripts
        for symbol in self._draft.of(Kind.COMMAND, Action.REFERS):
            use = symbol.detail
            if not isinstance(use, CommandUse) or use.purpose not in _STARTS or symbol.role is not FileRole.PROD:
                continue
            component = symbol.component.partition("/")[0] if symbol.component not in many else symbol.component
            if component not in many or self._one_shot(symbol.component):
                continue
            for text, at in self._texts(symbol, use, scripts):
                if migrates(text) and not locked(text):
                    count, place = many[component]
                    step = Step(at, symbol.role, tuple(text.split()), None, "script")
                    yield self._symbol(step, "replicated", "", place, count)
                    break

    def _texts(self, symbol: Symbol, use: CommandUse, scripts: dict[str, list[Symbol]]) -> Iterator[tuple[str, Span]]:
        yield " ".join(use.words), symbol.at
        for word in " ".join(use.words).split():
            if word.endswith((".sh", "entrypoint", "start", "prestart")):
                alike = [path for path in scripts if base(path) == base(word)]
                if len(alike) == 1:
                    for line in scripts[alike[0]]:
                        if isinstance(line.detail, CommandUse) and not line.detail.optional:
                            yield " ".join(line.detail.words), line.at

    def _one_shot(self, component: str) -> bool:
        """Tell whether what runs this command ends by itself: a job, or a container before the others of its pod."""
        workloads = [
            s.detail
            for s in self._draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(s.detail, Workload) and s.component == component
        ]
        return bool(workloads) and all(w.one_shot and w.form != "init" for w in workloads)

    def _many(self) -> Iterator[tuple[str, tuple[str, Span]]]:
        for symbol in self._draft.of(Kind.SERVICE, Action.DEFINES):
            workload = symbol.detail
            kept = isinstance(workload, Workload) and symbol.role is FileRole.PROD and not workload.one_shot
            replicas = workload.replicas if kept and isinstance(workload, Workload) else None
            if replicas is not None and replicas > 1:
                yield symbol.component, (f"{replicas} replicas", symbol.at)
        for symbol in self._draft.of(Kind.SERVICE, Action.REFERS):
            chosen = symbol.detail
            if not isinstance(chosen, WorkloadChosen) or symbol.role is not FileRole.PROD:
                continue
            if (chosen.minimum or 0) > 1 and chosen.by in ("HorizontalPodAutoscaler", "kustomize"):
                for name in dict.fromkeys((str(symbol.name), symbol.component)):
                    yield name, (f"at least {chosen.minimum} replicas", symbol.at)

    def never(self) -> Iterator[Symbol]:
        """Yield that nothing migrates, where a pipeline releases and nothing else may do it."""
        if not self._rollouts:
            return
        first = self._rollouts[0]
        where = self._elsewhere()
        state, why = ("unclear", where) if where else ("never", "")
        step = Step(self.newest.at, self.newest.role, ("the newest migration",), None, "pipeline")
        yield self._symbol(step, state, why, first.step.at, _shown(first))

    def _elsewhere(self) -> str:
        compose = {a.path for a in self._draft.artifacts if a.kind.startswith("compose")}
        for symbol in self._draft.of(Kind.COMMAND, Action.REFERS):
            use = symbol.detail
            starts = isinstance(use, CommandUse) and use.purpose != "run" and symbol.at.path not in compose
            if starts and migrates(" ".join(getattr(use, "words", ()))):
                return f"{symbol.at.path} migrates when it is started"
        for opening in self._draft.opens:
            if opening.kind is Kind.FLAG:
                return f"{opening.at.path} may migrate by itself"
            if opening.kind is Kind.SERVICE and "Helm" in opening.reason:
                return opening.reason
        for symbol in self._draft.of(Kind.SERVICE, Action.DEFINES):
            if (
                isinstance(symbol.detail, Workload)
                and symbol.detail.artifact == "kubernetes"
                and "migrat" in str(symbol.name)
            ):
                return f"{symbol.name} may migrate"
        for symbol in self._draft.of(Kind.STEP, Action.REFERS):
            line = symbol.detail
            told = isinstance(line, CommandLine) and line.source == "document" and _OPERATING.search(symbol.at.path)
            if told and isinstance(line, CommandLine) and migrates(" ".join(line.words)):
                return f"{symbol.at.path} says to do it by hand"
        for done in self._rollouts:
            if done.act.cluster is None:
                return f"what {done.act.tool} does before it releases is not seen"
        return ""

    def _symbol(self, step: Step, state: str, why: str, other_at: Span, other: str) -> Symbol:
        detail = MigrationOrder(state, why, " ".join(step.words)[:80], other_at, other)
        return Symbol(
            Kind.COLUMN, Action.REFERS, Exact(str(self.newest.name)), step.at, "", "release", step.role, detail
        )


def _named(draft: Draft) -> Iterator[tuple[str, Workload]]:
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        workload = symbol.detail
        if isinstance(workload, Workload) and workload.artifact == "kubernetes" and symbol.role is FileRole.PROD:
            yield str(symbol.name), workload


def _shown(done: Done) -> str:
    return " ".join(done.act.words)[:80] or done.act.tool
