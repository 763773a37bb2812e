"""Which jobs deploy, whether they wait for the tests, and which jobs only pretend to do something."""

import re
from collections import defaultdict

from roadworthy.link.draft import Draft
from roadworthy.model.detail.deployment import DeployFound, JobIdle
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerHidden
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax.command_line import base, calls

_COMMANDS = {
    "kubectl": {"apply", "set", "rollout", "replace", "patch"},
    "helm": {"upgrade", "install"},
    "helmfile": {"apply", "sync"},
    "kustomize": set[str](),
    "docker": {"push"},
    "terraform": {"apply"},
    "tofu": {"apply"},
    "pulumi": {"up"},
    "cdk": {"deploy"},
    "serverless": {"deploy"},
    "sls": {"deploy"},
    "flyctl": {"deploy"},
    "fly": {"deploy"},
    "railway": {"up", "deploy"},
    "vercel": {"deploy", "--prod"},
    "netlify": {"deploy"},
    "heroku": {"container:release", "container:push"},
    "eb": {"deploy"},
    "gcloud": {"deploy"},
    "az": {"deploy", "deployment"},
    "firebase": {"deploy"},
    "wrangler": {"deploy", "publish"},
    "kamal": {"deploy"},
    "cap": {"deploy"},
    "npm": {"publish"},
    "twine": {"upload"},
    "uv": {"publish"},
    "poetry": {"publish"},
    "ansible-playbook": set[str](),
    "rsync": set[str](),
}
_NAMED = re.compile(
    r"(?:^|[-_ ])(?:deploy\w*|release|publish|promote|rollout|production|staging)(?:$|[-_ ])", re.IGNORECASE
)
# A job of such a name looks at or builds what a release would hold: `clippy-release`.
_BUILD_PROFILE = re.compile(
    r"^(?!.*(?:deploy|publish)).*(?:clippy|lint|check|test|audit|bench|notes|draft)", re.IGNORECASE
)
_SCRIPT = re.compile(r"(?:^|/)(?:deploy|release|publish|rollout)[\w.-]*$")
_ACTION = re.compile(
    r"deploy|azure/webapps|superfly/flyctl|pypi-publish|render-deploy|/k8s-|vercel-action|railway", re.IGNORECASE
)
_SAYING = frozenset({"echo", "printf", "true", ":", "sleep", "date", "exit", "pwd", "ls", "whoami", "env", "set", "cd"})
_HARMLESS = frozenset({"actions/checkout", "actions/setup-python", "actions/setup-node"})
_BY_HAND = frozenset(
    {"workflow_dispatch", "release", "repository_dispatch", "workflow_call", "workflow_run", "schedule"}
)

# A line that is printed where the work should be done, and what a job may do beside it without doing that work.
_PRETENDED = re.compile(
    r"\b(?:(?:would|will|simulat\w+|skipping|todo:?)\s+(?:be\s+)?)?(?:deploy|releas|promot|publish|ship|roll)(?:e|ing|ed|ping)?"
    r"(?:\s+out)?\b",
    re.IGNORECASE,
)
_BESIDE = frozenset("umask curl wget mkdir chmod export test [ cat grep jq sleep unset trap install".split())
_ASKING = re.compile(r"smoke|check|verify|health|wait|rollback|roll-back|undo|notify", re.IGNORECASE)
_WATCHING = frozenset({"undo", "status", "get", "wait", "logs", "describe", "config", "history"})
_PLAIN_ACTION = re.compile(r"checkout|/setup-|login|credentials|cache|artifact|slack|notify", re.IGNORECASE)

_Key = tuple[str, str]


def derive(draft: Draft) -> None:
    """Add a statement for each job that deploys, and for each that does nothing."""
    graph = _Graph(draft)
    for key, symbol in sorted(graph.jobs.items()):
        draft.symbols += graph.judge(key, symbol)


def _pretends(commands: list[CommandLine]) -> str:
    """Return what a job prints instead of doing it, "" where it prints nothing of the kind."""
    for line in commands:
        text = " ".join(line.words[1:])
        if line.words[0] in ("echo", "printf") and not line.writes and _PRETENDED.match(text.strip("'\" .=*-")):
            return text[:60]
    return ""


def _aside(line: CommandLine) -> bool:
    """Tell whether a command brings nothing out: it prints, asks, waits or goes back."""
    program = base(line.words[0])
    if program in _SAYING or program in _BESIDE:
        return True
    if program in ("kubectl", "helm", "oc"):
        return bool(_WATCHING & set(line.words))
    return "/" in line.words[0] and _ASKING.search(program) is not None


class _Graph:
    """The jobs of all workflows, what each does, and what it needs."""

    def __init__(self, draft: Draft) -> None:
        self.jobs: dict[_Key, Symbol] = {}
        self._steps: dict[_Key, list[Symbol]] = defaultdict(list)
        self._runs: dict[_Key, list[Symbol]] = defaultdict(list)
        self._hidden: dict[_Key, list[Symbol]] = defaultdict(list)
        for symbol in draft.symbols:
            match symbol.detail:
                case PipelineJob() if symbol.detail.platform != "github-action":
                    self.jobs[symbol.at.path, str(symbol.name)] = symbol
                case CommandLine() if symbol.detail.source == "pipeline":
                    self._steps[symbol.at.path, symbol.detail.owner].append(symbol)
                case ActionUse():
                    self._steps[symbol.at.path, symbol.detail.job].append(symbol)
                case RunnerCalled():
                    self._runs[symbol.at.path, symbol.detail.job].append(symbol)
                case RunnerHidden():
                    self._hidden[symbol.at.path, symbol.detail.job].append(symbol)

    def judge(self, key: _Key, symbol: Symbol) -> list[Symbol]:
        """Return what there is to say about one job."""
        job = symbol.detail
        if not isinstance(job, PipelineJob):
            return []
        steps = sorted(self._steps[key], key=lambda s: s.at)
        commands = [s.detail for s in steps if isinstance(s.detail, CommandLine)]
        uses = [str(s.name) for s in steps if isinstance(s.detail, ActionUse)]
        found: list[Symbol] = []
        named = _NAMED.search(str(symbol.name)) is not None and not _BUILD_PROFILE.search(str(symbol.name))
        promises = named or bool(job.environment)
        if commands and not job.calls and set(uses) <= _HARMLESS and all(c.words[0] in _SAYING for c in commands):
            says = next((" ".join(c.words)[:60] for c in commands if c.words[0] in ("echo", "printf")), "")
            found.append(self._about(symbol, JobIdle(promises and bool(says), says)))
        elif (
            promises
            and not job.calls
            and (says := _pretends(commands))
            and all(map(_aside, commands))
            and all(_PLAIN_ACTION.search(name) for name in uses)
        ):
            found.append(self._about(symbol, JobIdle(True, says)))
        deploys = next((s for s in steps if self._deploys(s, promises)), None)
        if deploys is not None and any(self._runs.values()):
            found.append(self._about(symbol, self._guard(key, job, deploys)))
        return found

    def _about(self, symbol: Symbol, detail: DeployFound | JobIdle) -> Symbol:
        return Symbol(
            Kind.PIPELINE, Action.REFERS, symbol.name, symbol.at, phase="deploy", role=symbol.role, detail=detail
        )

    def _deploys(self, step: Symbol, promises: bool) -> bool:
        match step.detail:
            case CommandLine() as line:
                for call in calls(line.words):
                    program = base(call.program)
                    verbs = _COMMANDS.get(program)
                    dry = any("dry-run" in word or word == "diff" for word in call.words)
                    if verbs is not None and (verbs & set(call.words) or (not verbs and promises)) and not dry:
                        return True
                    if promises and _SCRIPT.search(call.program):
                        return True
                    if promises and program == "make" and any(_NAMED.search(word) for word in call.words[1:]):
                        return True
            case ActionUse():
                return _ACTION.search(str(step.name)) is not None
        return False

    def _guard(self, key: _Key, job: PipelineJob, deploys: Symbol) -> DeployFound:
        by = " ".join(deploys.detail.words)[:60] if isinstance(deploys.detail, CommandLine) else str(deploys.name)
        before = self._closure(key)
        own = [run for run in self._runs[key] if run.at < deploys.at]
        here = [run for other in before for run in self._runs[other]] + own
        if here:
            return DeployFound(by, "guarded", "", str(here[0].name), here[0].at)
        called = [self.jobs[other].detail for other in before if other in self.jobs]
        if any(isinstance(other, PipelineJob) and other.calls for other in called):
            reused = next(o.calls for o in called if isinstance(o, PipelineJob) and o.calls)
            inner = [r for (path, _), runs in self._runs.items() if path == reused.removeprefix("./") for r in runs]
            state = ("guarded", "") if inner else ("unclear", f"what {reused} does is not seen")
            return DeployFound(by, *state, "", inner[0].at if inner else deploys.at)
        callers = self._callers(key) if set(job.triggers) == {"workflow_call"} else []
        guards = [run for caller in callers for other in self._closure(caller) for run in self._runs[other]]
        if callers and all(any(self._runs[other] for other in self._closure(caller)) for caller in callers):
            return DeployFound(by, "guarded", "", str(guards[0].name), guards[0].at)
        if any(self._hidden[other] for other in (*before, key)):
            return DeployFound(by, "unclear", "a step before it may run them", "", deploys.at)
        if (set(job.triggers) <= _BY_HAND and job.platform == "github") or "tags" in job.condition:
            return DeployFound(
                by, "unclear", "it is started by hand, by a release or by another workflow", "", deploys.at
            )
        return self._unguarded(key, job, by, deploys.at)

    def _unguarded(self, key: _Key, job: PipelineJob, by: str, at: Span) -> DeployFound:
        same = [
            (name, runs[0].at)
            for (path, name), runs in sorted(self._runs.items())
            if path == key[0] and runs and name != key[1]
        ]
        if same:
            return DeployFound(by, "unguarded", "", *same[0])
        others = [(k, runs[0].at) for k, runs in sorted(self._runs.items()) if runs]
        for other, run_at in others:
            triggers = self.jobs[other].detail if other in self.jobs else None
            if isinstance(triggers, PipelineJob) and {"pull_request", "merge_group"} & set(triggers.triggers):
                why = "the tests run on pull requests, and the branch may be protected by them"
                return DeployFound(by, "unclear", why, other[1], run_at)
        (other, run_at) = others[0] if others else (key, at)
        return DeployFound(by, "unguarded" if other != key else "unclear", "", other[1], run_at)

    def _callers(self, key: _Key) -> list[_Key]:
        """Return the jobs of the repository that stand for the workflow of a job."""
        return [
            other
            for other, symbol in sorted(self.jobs.items())
            if isinstance(symbol.detail, PipelineJob) and symbol.detail.calls.removeprefix("./") == key[0]
        ]

    def _closure(self, key: _Key) -> list[_Key]:
        pending, seen = [key], [key]
        while pending:
            symbol = self.jobs.get(pending.pop())
            needs = symbol.detail.needs if symbol is not None and isinstance(symbol.detail, PipelineJob) else ()
            for name in needs:
                if (key[0], name) not in seen:
                    seen.append((key[0], name))
                    pending.append((key[0], name))
        return seen[1:]
