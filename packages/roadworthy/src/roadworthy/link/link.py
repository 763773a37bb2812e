"""The linking steps, in order."""

from roadworthy.link import (
    addresses,
    backups,
    blotted,
    commands,
    components,
    compose_model,
    delivery,
    deployments,
    environment_files,
    erasure,
    filesystem,
    framework_packs,
    health_commands,
    hidden,
    kustomize_model,
    labels,
    metrics,
    mounted_files,
    reached,
    routes,
    secret_defaults,
    server_accounts,
    shape,
    shared_code,
    start_ports,
    test_runs,
    unread_languages,
)
from roadworthy.link.draft import Draft
from roadworthy.model.facts import Artifact, Facts, Problem
from roadworthy.model.symbol import Open, Symbol

_STEPS = (
    hidden.derive,
    environment_files.derive,
    secret_defaults.derive,
    compose_model.derive,
    kustomize_model.derive,
    components.derive,
    unread_languages.derive,
    filesystem.derive,
    reached.derive,
    delivery.derive,
    addresses.derive,
    start_ports.derive,
    server_accounts.derive,
    health_commands.derive,
    backups.derive,
    shape.derive,
    routes.derive,
    shared_code.derive,
    framework_packs.derive,
    metrics.derive,
    mounted_files.derive,
    labels.derive,
    erasure.derive,
    commands.derive,
    test_runs.derive,
    deployments.derive,
    blotted.derive,
)


def link(
    name: str,
    commit: str | None,
    files: tuple[str, ...],
    artifacts: list[Artifact],
    problems: list[Problem],
    symbols: list[Symbol],
    opens: list[Open],
    tracked: frozenset[str] | None = None,
) -> Facts:
    """Derive what no single artifact says and return the facts, in a stable order."""
    draft = Draft(name, files, artifacts, problems, symbols, opens, tracked=tracked)
    for step in _STEPS:
        step(draft)
    return Facts(
        name,
        commit,
        files,
        tuple(sorted(set(draft.artifacts), key=lambda a: (a.path, a.kind))),
        tuple(sorted(draft.problems, key=lambda p: (p.at, p.why))),
        tuple(sorted(draft.components, key=lambda c: c.id)),
        tuple(sorted(draft.symbols, key=lambda s: (s.at, s.kind, s.action, str(s.name), s.component))),
        tuple(sorted(draft.opens, key=lambda o: (o.at, o.kind, o.reason))),
        draft.shape,
    )
