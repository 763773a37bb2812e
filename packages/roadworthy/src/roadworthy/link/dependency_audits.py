"""Whether anything looks for known weaknesses of the dependencies: a job, or a service that its configuration asks for."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.release_flow import Flows, Step
from roadworthy.model.detail.manifest import ManifestRead
from roadworthy.model.detail.pipeline import PipelineJob, PlatformPipeline
from roadworthy.model.detail.release import AuditFound
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base

_AUDITS = re.compile(
    r"(?<![\w/-])(?:pip-audit|safety|osv-scanner|trivy|grype|snyk|npm audit|pnpm audit|yarn audit|yarn npm audit|bun audit"
    r"|audit-ci|better-npm-audit|uv audit|cargo audit|govulncheck|docker scout|dependency-check|guarddog|nancy|syft)(?![\w-])"
    r"|\baudit\b"
)
_ACTIONS = re.compile(
    r"audit|trivy|snyk|grype|anchore|osv-scanner|dependency-review|scout|safety|dependency-check|mend|whitesource|sonatype|checkmarx"
    r"|ossf|codacy|aikido|socket|fossa|blackduck|gradle/actions",
    re.IGNORECASE,
)
_SERVICES = re.compile(
    r"(?:^|/)(?:\.github/)?(?:dependabot\.ya?ml|renovate\.json5?|\.renovaterc(?:\.json)?|\.snyk|\.whitesource|socket\.yml)$"
)
_HIDING = frozenset(
    {"nix", "dagger", "earthly", "bazel", "just", "task", "mise", "invoke", "inv", "tox", "nox", "make"}
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
    manifests = tuple(
        sorted(
            symbol.at
            for symbol in draft.symbols
            if isinstance(symbol.detail, ManifestRead) and symbol.detail.asked and symbol.role is FileRole.PROD
        )
    )
    if not jobs or not manifests:
        return
    service = next((file for file in draft.files if _SERVICES.search(file)), "")
    if service:
        yield _symbol(jobs[0][1], AuditFound("there", "", service, manifests))
        return
    doubt = ""
    for key in flows.jobs:
        for step in flows.steps(key):
            if by := _audit(step):
                yield _symbol(jobs[0][1], AuditFound("there", "", by, manifests), step)
                return
            doubt = doubt or _hidden(step)
    for symbol in draft.of(Kind.PIPELINE, Action.DEFINES):
        if isinstance(symbol.detail, PlatformPipeline):
            doubt = doubt or f"what {symbol.detail.platform} runs is not read"
    doubt = doubt or next((o.reason for o in draft.opens if o.kind is Kind.PIPELINE), "")
    yield _symbol(jobs[0][1], AuditFound("unclear" if doubt else "absent", doubt, "", manifests))


def _audit(step: Step) -> str:
    if step.action:
        return step.action if _ACTIONS.search(step.action) else ""
    text = " ".join(step.words)
    if step.words[:1] in (("echo",), ("printf",), ("apt-get",)) or " install " in f" {text} ":
        return ""
    return text[:60] if _AUDITS.search(text) else ""


def _hidden(step: Step) -> str:
    if step.opaque:
        return f"what {step.action} does is not seen"
    if step.words and base(step.words[0]) in _HIDING:
        return f"what `{' '.join(step.words)[:40]}` does is not seen"
    return ""


def _symbol(job: Symbol, detail: AuditFound, step: Step | None = None) -> Symbol:
    at = step.at if step is not None else job.at
    name = str(job.name) if isinstance(job.detail, PipelineJob) else ""
    return Symbol(Kind.STEP, Action.REFERS, Exact(name), at, "", "audit", job.role, detail)
