"""GitHub Actions: jobs, what each needs and may do, the actions its steps use and the commands they run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.pipeline import ActionUse, PermissionsGiven, PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.facts import Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax import script_lines, yaml
from roadworthy.syntax.paths import joined
from roadworthy.syntax.secrecy import blotted
from roadworthy.syntax.workflow_values import Values, combinations

PROVIDES = frozenset({Kind.PIPELINE, Kind.STEP})

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TAG = re.compile(r"v?\d+(?:\.\d+)*(?:[-.+]\w+)*|[\w.-]+/v?\d+(?:\.\d+)*|release/v\d+")
_READABLE_SHELLS = ("", "bash", "sh")
_INPUTS = frozenset(
    """
    target run command script path args file context tags push load outputs images manifests namespace build-contexts
    kustomization overlay wait-for-service-stability force atomic wait with-docker region service image sbom
    files path-to-lcov coverage-file coverage-reports
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds for the steps of a job."""

    job: str
    folder: str | None
    shell: str
    may_fail: bool
    values: tuple[Values, ...] = (Values({}),)


def wants(path: str) -> bool:
    """Workflows, and actions that are part of the repository."""
    return _WORKFLOW.search(path) is not None or _ACTION.search(path) is not None


claims = wants


def recognises(file: SourceFile) -> bool:
    """Every workflow; of other files those that describe a composite action."""
    return _WORKFLOW.search(file.path) is not None or "runs:" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield jobs, permissions, actions and commands."""
    if file.path.startswith(".github/workflows/"):
        # `backend-test.yml` is a pipeline of the product, whatever its name says.
        file = replace(file, role=FileRole.PROD)
    for root in yaml.documents(file):
        if not isinstance(root, yaml.Mapping):
            continue
        if _ACTION.search(file.path):
            yield from _composite(file, root)
        else:
            yield from _workflow(file, root)


def _symbol(file: SourceFile, kind: Kind, action: Action, name: Name, at: Span, detail: Detail) -> Symbol:
    return Symbol(kind, action, name, at, phase="test", role=file.role, detail=detail)


def _composite(file: SourceFile, root: yaml.Mapping) -> Iterator[Statement]:
    steps = root.get("runs", "steps")
    if isinstance(steps, yaml.Sequence):
        at = root.key("runs")
        job = PipelineJob("github-action", file.path, steps=len(steps.items))
        yield _symbol(file, Kind.PIPELINE, Action.DEFINES, Exact(file.path), at.at if at else root.at, job)
        yield from _steps(file, steps, _Place(file.path, "", "", may_fail=False))


def _workflow(file: SourceFile, root: yaml.Mapping) -> Iterator[Statement]:
    jobs = root.get("jobs")
    if not isinstance(jobs, yaml.Mapping):
        yield Problem(root.at, "a workflow without jobs", PROVIDES, file.role)
        return
    triggers, after = _triggers(root)
    yield _permissions(file, root, "", root.key("name") or next((key for key, _ in root.items()), None), triggers)
    for key, job in jobs.items():
        if isinstance(job, yaml.Mapping):
            detail = PipelineJob(
                "github",
                file.path,
                tuple(_texts(job.get("needs"))),
                triggers,
                after,
                job.text("uses") or "",
                job.text("if") or "",
                job.text("environment") or job.text("environment", "name") or "",
                len(steps.items) if isinstance(steps := job.get("steps"), yaml.Sequence) else 0,
                _true(job.get("continue-on-error")),
                job.text("runs-on") or "",
            )
            yield _symbol(file, Kind.PIPELINE, Action.DEFINES, Exact(key.text), key.at, detail)
            if job.get("permissions") is not None:
                yield _permissions(file, job, key.text, job.key("permissions"), triggers)
            called = job.get("uses")
            if isinstance(called, yaml.Scalar):
                yield from _uses(file, job, called, _Place(key.text, None, "", may_fail=False), may_fail=False)
            if isinstance(steps, yaml.Sequence):
                yield from _steps(file, steps, _place(root, key.text, job, steps))


def _triggers(root: yaml.Mapping) -> tuple[tuple[str, ...], tuple[str, ...]]:
    on = root.get("on")
    names = [key.text for key, _ in on.items()] if isinstance(on, yaml.Mapping) else list(_texts(on))
    return tuple(names), tuple(_texts(root.get("on", "workflow_run", "workflows")))


def _texts(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.Scalar) and not node.is_null():
        yield node.text
    elif isinstance(node, yaml.Sequence):
        yield from (item.text for item in node if isinstance(item, yaml.Scalar))


def _true(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.Scalar) and (node.boolean() is True or node.text.strip("${} ") == "true")


def _permissions(
    file: SourceFile, holder: yaml.Mapping, job: str, at: yaml.Scalar | None, triggers: tuple[str, ...]
) -> Symbol:
    given = holder.get("permissions")
    key = holder.key("permissions")
    scope, granted = "", []
    if isinstance(given, yaml.Scalar):
        scope = given.text
    elif isinstance(given, yaml.Mapping):
        scope = "listed"
        granted = [(name.text, value.text) for name, value in given.items() if isinstance(value, yaml.Scalar)]
    place = key.at if key is not None else at.at if at is not None else holder.at
    detail = PermissionsGiven(scope, tuple(granted), " ".join(triggers))
    return _symbol(file, Kind.PIPELINE, Action.REFERS, Exact(job), place, detail)


def _place(root: yaml.Mapping, name: str, job: yaml.Mapping, steps: yaml.Sequence) -> _Place:
    folder: str | None = None
    for step in steps:
        uses = step.text("uses") if isinstance(step, yaml.Mapping) else None
        if uses and uses.startswith("actions/checkout@") and isinstance(step, yaml.Mapping):
            own = step.text("with", "repository") in (None, "${{ github.repository }}")
            if own and step.text("with", "path") in (None, ".", "./"):
                folder = ""
    given = job.text("defaults", "run", "working-directory") or root.text("defaults", "run", "working-directory")
    if folder is not None and given:
        folder = None if "${{" in given else joined("", given)
    shell = job.text("defaults", "run", "shell") or root.text("defaults", "run", "shell") or ""
    values = tuple(one.with_env(root.get("env"), job.get("env")) for one in combinations(job.get("strategy", "matrix")))
    return _Place(name, folder, shell, _true(job.get("continue-on-error")), values)


def _steps(file: SourceFile, steps: yaml.Sequence, place: _Place) -> Iterator[Statement]:
    for step in steps:
        if not isinstance(step, yaml.Mapping):
            continue
        looked_at = (id_ := step.text("id")) is not None and re.search(
            rf"steps\.{re.escape(id_)}\.(?:outcome|conclusion)", file.text
        )
        may_fail = place.may_fail or (_true(step.get("continue-on-error")) and not looked_at)
        uses, run = step.get("uses"), step.get("run")
        if isinstance(uses, yaml.Scalar):
            yield from _uses(file, step, uses, place, may_fail=may_fail)
        if isinstance(run, yaml.Scalar):
            yield from _run(file, step, run, place, may_fail=may_fail)


def _uses(
    file: SourceFile, step: yaml.Mapping, uses: yaml.Scalar, place: _Place, *, may_fail: bool
) -> Iterator[Statement]:
    name, _, version = uses.text.partition("@")
    given = step.get("with")
    inputs = (
        [(key.text, value.text) for key, value in given.items() if isinstance(value, yaml.Scalar)]
        if isinstance(given, yaml.Mapping)
        else []
    )
    form = _form(uses.text, version)
    # Inputs may carry secrets: only those that say what is run, built or checked out are kept.
    kept = [pair for pair in inputs if pair[0] in _INPUTS]
    several = any("matrix." in value for _, value in kept)
    named: Name = Unreadable("the action is computed") if form == "unreadable" else Exact(name)
    id_, condition = step.text("id") or "", step.text("if") or ""
    for values in place.values if several else place.values[:1]:
        own = values.with_env(step.get("env"))
        pairs = tuple((key, own.expression(value)) for key, value in kept)
        detail = ActionUse(place.job, form, version, pairs, may_fail, id_, condition)
        yield _symbol(file, Kind.STEP, Action.REFERS, named, uses.at, detail)
    remote = given.get("script") if isinstance(given, yaml.Mapping) else None
    if isinstance(remote, yaml.Scalar) and "ssh" in name:
        yield from _lines(file, remote, replace(place, folder=None), step, stops=False, may_fail=may_fail)


def _form(text: str, version: str) -> str:
    if "${{" in text:
        return "unreadable"
    if text.startswith(("./", "../")):
        return "local"
    if text.startswith("docker://"):
        return "docker"
    if not version:
        return "none"
    if _HASH.fullmatch(version):
        return "hash"
    return "tag" if _TAG.fullmatch(version) else "branch"


def _run(
    file: SourceFile, step: yaml.Mapping, run: yaml.Scalar, place: _Place, *, may_fail: bool
) -> Iterator[Statement]:
    shell = (step.text("shell") or place.shell).strip()
    program = shell.split(" ")[0]
    if program not in _READABLE_SHELLS:
        detail = CommandLine("pipeline", place.job, (program, "(script)"), None)
        yield _symbol(file, Kind.STEP, Action.REFERS, Exact(program), run.at, detail)
        return
    folder = place.folder
    given = step.text("working-directory")
    if given is not None:
        folder = None if folder is None or "${{" in given else joined("", given)
    pipefail = "pipefail" in shell or shell == "bash"
    stops = shell in _READABLE_SHELLS or "-e" in shell
    yield from _lines(file, run, replace(place, folder=folder), step, stops=stops, pipefail=pipefail, may_fail=may_fail)


def _lines(
    file: SourceFile,
    run: yaml.Scalar,
    place: _Place,
    step: yaml.Mapping,
    *,
    stops: bool,
    may_fail: bool,
    pipefail: bool = False,
) -> Iterator[Statement]:
    """Yield the commands of a step; those that name something of the matrix once for each of its combinations."""
    for line in script_lines.lines(run.text, place.folder, stops=stops, pipefail=pipefail):
        how = "continue-on-error" if may_fail else line.how
        at = script_lines.placed(run, file, line.at)
        several = any("matrix." in word for word in line.words)
        for values in place.values if several else place.values[:1]:
            own = values.with_env(step.get("env"))
            words = blotted(tuple(own.word(word) if "$" in word else word for word in line.words))
            detail = CommandLine(
                "pipeline", place.job, words, line.folder, line.optional, bool(how), how, line.writes, line.reads
            )
            yield _symbol(file, Kind.STEP, Action.REFERS, Exact(words[0]), at, detail)
