"""GitLab CI: the jobs of a pipeline, what each needs, and the commands they run."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import script_lines, yaml

PROVIDES = frozenset({Kind.PIPELINE, Kind.STEP})

_NAMES = re.compile(r"(?:^|/)\.gitlab-ci\.ya?ml$|(?:^|/)\.gitlab/(?:ci/)?[^/]+\.ya?ml$")
_WORDS = frozenset(
    """
    default include image services stages types before_script after_script variables cache workflow
    pages:deploy spec
    """.split()
)
_SCRIPTS = ("before_script", "script", "after_script")
_DEPTH = 6
MAXIMUM_EXTENDED = 20


def wants(path: str) -> bool:
    """The pipeline at the root, and parts of it below `.gitlab`."""
    return _NAMES.search(path) is not None


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield jobs and their commands; what is included from elsewhere opens the set."""
    for root in yaml.documents(file):
        if not isinstance(root, yaml.Mapping):
            continue
        include = root.key("include")
        if include is not None and not _local(root.get("include")):
            yield Open(Kind.PIPELINE, "", "parts of the pipeline are included from elsewhere", include.at)
        stages = [stage.text for stage in _scalars(root.get("stages"), 0)] or ["build", "test", "deploy"]
        jobs = {
            key: job
            for key, job in root.items()
            if isinstance(job, yaml.Mapping) and key.text not in _WORDS and not key.text.startswith(".")
        }
        by_stage = {key.text: _plain(_held(root, job, "stage")) or "test" for key, job in jobs.items()}
        for key, job in jobs.items():
            yield from _job(file, root, key, job, stages, by_stage)


def _job(
    file: SourceFile,
    root: yaml.Mapping,
    key: yaml.Scalar,
    job: yaml.Mapping,
    stages: list[str],
    by_stage: dict[str, str],
) -> Iterator[Statement]:
    own = by_stage[key.text]
    before = stages[: stages.index(own)] if own in stages else []
    needed = _held(root, job, "needs")
    if isinstance(needed, yaml.Sequence):
        needs = tuple(_needed(needed))
    else:
        needs = tuple(name for name, stage in by_stage.items() if stage in before)
    may_fail = isinstance(node := _held(root, job, "allow_failure"), yaml.Scalar) and node.boolean() is True
    given = _held(root, job, "environment")
    environment = _plain(given) or (given.text("name") or "" if isinstance(given, yaml.Mapping) else "")
    scripts = [(name, _effective(root, job, name)) for name in _SCRIPTS]
    count = sum(len(list(_scalars(node, 0))) for _, node in scripts)
    condition = "tags" if "CI_COMMIT_TAG" in _shown(_held(root, job, "rules")) else ""
    detail = PipelineJob(
        "gitlab", file.path, needs, condition=condition, environment=environment, steps=count, may_fail=may_fail
    )
    yield Symbol(Kind.PIPELINE, Action.DEFINES, Exact(key.text), key.at, phase="test", role=file.role, detail=detail)
    unseen = [name for name in _extended(job) if not isinstance(root.get(name), yaml.Mapping)]
    if unseen or job.key("trigger") is not None:
        at = (job.key("extends") or job.key("trigger") or key).at
        yield Open(Kind.PIPELINE, "", f"job {key.text} takes its steps from elsewhere", at)
    folder: str | None = ""
    for _, node in scripts:
        for scalar in _scalars(node, 0):
            for line in script_lines.lines(scalar.text, folder):
                how = "allow_failure" if may_fail else line.how
                use = CommandLine(
                    "pipeline",
                    key.text,
                    line.words,
                    line.folder,
                    line.optional,
                    bool(how),
                    how,
                    line.writes,
                    line.reads,
                )
                at = script_lines.placed(scalar, file, line.at)
                yield Symbol(
                    Kind.STEP, Action.REFERS, Exact(line.words[0]), at, phase="test", role=file.role, detail=use
                )
                if line.words[0] in ("cd", "pushd", "popd"):
                    folder = line.folder


def _effective(root: yaml.Mapping, job: yaml.Mapping, name: str) -> yaml.Node | None:
    own = _held(root, job, name)
    if own is not None or name == "script":
        return own
    return root.get("default", name) or root.get(name)


def _held(root: yaml.Mapping, job: yaml.Mapping, name: str) -> yaml.Node | None:
    """Return what a job says itself, otherwise what the jobs say that it extends, the last of them first."""
    pending, seen = [job], 0
    while pending and seen < MAXIMUM_EXTENDED:
        one = pending.pop(0)
        seen += 1
        if one.key(name) is not None:
            return one.get(name)
        pending += [held for other in reversed(_extended(one)) if isinstance(held := root.get(other), yaml.Mapping)]
    return None


def _extended(job: yaml.Mapping) -> list[str]:
    return [scalar.text for scalar in _scalars(job.get("extends"), 0)]


def _local(node: yaml.Node | None) -> bool:
    """Tell whether everything that is included lies in the repository."""
    items = node.items if isinstance(node, yaml.Sequence) else [node] if node is not None else []
    return all(
        (isinstance(item, yaml.Scalar) and item.text.startswith("/") and "://" not in item.text)
        or (isinstance(item, yaml.Mapping) and item.text("local") is not None)
        for item in items
    )


def _plain(node: yaml.Node | None) -> str:
    return node.text if isinstance(node, yaml.Scalar) and not node.is_null() else ""


def _shown(node: yaml.Node | None) -> str:
    rules = node.items if isinstance(node, yaml.Sequence) else []
    return " ".join(rule.text("if") or "" for rule in rules if isinstance(rule, yaml.Mapping))


def _needed(node: yaml.Node | None) -> Iterator[str]:
    for item in node.items if isinstance(node, yaml.Sequence) else ():
        if isinstance(item, yaml.Scalar):
            yield item.text
        elif isinstance(item, yaml.Mapping) and (name := item.text("job")):
            yield name


def _scalars(node: yaml.Node | None, depth: int) -> Iterator[yaml.Scalar]:
    if isinstance(node, yaml.Scalar) and not node.is_null():
        yield node
    elif isinstance(node, yaml.Sequence) and depth < _DEPTH:
        for item in node:
            yield from _scalars(item, depth + 1)
