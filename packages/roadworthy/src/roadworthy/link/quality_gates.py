"""Whether a pipeline looks at the code itself: a linter, a type checker, a scanner."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.release_flow import Flows, Step
from roadworthy.model.detail.pipeline import PipelineJob, PlatformPipeline
from roadworthy.model.detail.release import GateFound
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base

_GATES = re.compile(
    r"(?<![\w/-])(?:ruff|flake8|pylint|mypy|pyright|basedpyright|black|isort|bandit|eslint|oxlint|prettier|biome|tsc|xo|standard"
    r"|semgrep|pre-commit|prek|golangci-lint|staticcheck|rubocop|hadolint|trivy|grype|snyk|checkov|shellcheck|actionlint|zizmor"
    r"|ty|pyre|pytype|vulture|prospector|wemake|djlint|stylelint|detekt|ktlint|clippy|vue-tsc|svelte-check|nx\s+lint|ng\s+lint"
    r"|next\s+lint|turbo\s+(?:run\s+)?(?:lint|typecheck|check)|pip-audit|osv-scanner|gitleaks|sonar-scanner|megalinter|trunk)(?![\w-])"
    r"|\b(?:lint\w*|typecheck|type-check|types|check-types|quality|static-analysis|fmt-check|format:check|codestyle)\b"
)
_ACTIONS = re.compile(
    r"lint|ruff|black|mypy|flake8|pre-commit|codeql|sonar|semgrep|trivy|snyk|super-linter|megalinter|biome|prettier|eslint"
    r"|dependency-review|scorecard|zizmor|qodana|codacy|deepsource|reviewdog|checkov|bandit",
    re.IGNORECASE,
)
_HIDING = frozenset(
    {"nix", "dagger", "earthly", "bazel", "gradle", "gradlew", "mvn", "just", "task", "mise", "invoke", "inv"}
)


def derive(draft: Draft) -> None:
    """Add one statement for all pipelines together."""
    draft.symbols += list(_found(draft))


def _found(draft: Draft) -> Iterator[Symbol]:
    flows = Flows(draft)
    called = flows.called()
    jobs = [
        (key, symbol)
        for key, symbol in sorted(flows.jobs.items())
        if symbol.role is FileRole.PROD and key[0] not in called
    ]
    if not jobs:
        return
    doubt = ""
    for key, _ in jobs:
        for step in flows.steps(key):
            if gate := _gate(step):
                yield _symbol(jobs[0][1], GateFound("there", "", gate), step)
                return
            doubt = doubt or _hidden(step, draft)
    for symbol in draft.of(Kind.PIPELINE, Action.DEFINES):
        if isinstance(symbol.detail, PlatformPipeline):
            doubt = doubt or f"what {symbol.detail.platform} runs is not read"
    doubt = doubt or next((o.reason for o in draft.opens if o.kind is Kind.PIPELINE), "")
    if any(file.rpartition("/")[2] in (".pre-commit-config.yaml", "lefthook.yml") for file in draft.files):
        doubt = doubt or "a service such as pre-commit.ci may run the hooks"
    yield _symbol(jobs[0][1], GateFound("unclear" if doubt else "absent", doubt, ""), None)


def _gate(step: Step) -> str:
    if step.action:
        return step.action if _ACTIONS.search(step.action) else ""
    text = " ".join((base(step.words[0]), *step.words[1:])) if step.words else ""
    if step.words[:1] in (("echo",), ("pip",), ("apt-get",), ("printf",)) or " install " in f"{text} ":
        return ""
    return text[:60] if _GATES.search(text) else ""


def _hidden(step: Step, draft: Draft) -> str:
    if step.opaque:
        return f"what {step.action} does is not seen"
    if not step.words:
        return ""
    program = base(step.words[0])
    if program in _HIDING or (program in ("tox", "nox", "hatch", "make") and len(step.words) == 1):
        return f"what `{' '.join(step.words)[:40]}` does is not seen"
    if program in ("tox", "nox"):
        return f"what `{' '.join(step.words)[:40]}` does is not seen"
    if program in ("python", "python3", "node") and len(step.words) > 1 and "/" in step.words[1]:
        return f"what `{' '.join(step.words)[:40]}` does is not seen"
    return ""


def _symbol(job: Symbol, detail: GateFound, step: Step | None) -> Symbol:
    at = step.at if step is not None else job.at
    name = str(job.name) if isinstance(job.detail, PipelineJob) else ""
    return Symbol(Kind.STEP, Action.REFERS, Exact(name), at, "", "gate", job.role, detail)
