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
        if include is not None:
            yield Open(Kind.PIPELINE, "", "parts of the pipeline are included from elsewhere", include.at)
        stages = [stage.text for stage in _scalars(root.get("stages"), 0)] or ["build", "test", "deploy"]
        jobs = {
            key: job
            for key, job in root.items()
            if isinstance(job, yaml.Mapping) and key.text not in _WORDS and not key.text.startswith(".")
        }
        by_stage = {key.text: job.text("stage") or "test" for key, job in jobs.items()}
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
    if isinstance(job.get("needs"), yaml.Sequence):
        needs = tuple(_needed(job.get("needs")))
    else:
        needs = tuple(name for name, stage in by_stage.items() if stage in before)
    may_fail = isinstance(node := job.get("allow_failure"), yaml.Scalar) and node.boolean() is True
    environment = job.text("environment") or job.text("environment", "name") or ""
    scripts = [(name, _effective(root, job, name)) for name in _SCRIPTS]
    count = sum(len(list(_scalars(node, 0))) for _, node in scripts)
    detail = PipelineJob("gitlab", file.path, needs, environment=environment, steps=count, may_fail=may_fail)
    yield Symbol(Kind.PIPELINE, Action.DEFINES, Exact(key.text), key.at, phase="test", role=file.role, detail=detail)
    if job.key("extends") is not None or job.key("trigger") is not None:
        at = (job.key("extends") or job.key("trigger") or key).at
        yield Open(Kind.PIPELINE, "", f"job {key.text} takes its steps from elsewhere", at)
    folder: str | None = ""
    for _, node in scripts:
        for scalar in _scalars(node, 0):
            for line in script_lines.lines(scalar.text, folder):
                how = "allow_failure" if may_fail else line.how
                use = CommandLine("pipeline", key.text, line.words, line.folder, line.optional, bool(how), how)
                at = script_lines.placed(scalar, file, line.at)
                yield Symbol(
                    Kind.STEP, Action.REFERS, Exact(line.words[0]), at, phase="test", role=file.role, detail=use
                )
                if line.words[0] in ("cd", "pushd", "popd"):
                    folder = line.folder


def _effective(root: yaml.Mapping, job: yaml.Mapping, name: str) -> yaml.Node | None:
    if job.key(name) is not None or name == "script":
        return job.get(name)
    return root.get("default", name) or root.get(name)


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
