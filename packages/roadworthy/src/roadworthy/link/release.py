"""Everything about releases that several artifacts say together, derived from one reading of the pipelines."""

from roadworthy.link import (
    applied_manifests,
    cluster_commands,
    dependency_audits,
    end_of_life,
    health_judged,
    locked_installs,
    lost_homes,
    made_images,
    migration_order,
    quality_gates,
    unsafe_lines,
)
from roadworthy.link.draft import Draft
from roadworthy.link.releases import Releases

_TELLING = frozenset({"github-actions", "gitlab-ci", "shell", "kustomization", "makefile"})


def derive(draft: Draft) -> None:
    """Add what is known of releases, images, manifests, migrations and the commands that speak to clusters."""
    end_of_life.derive(draft)
    health_judged.derive(draft)
    locked_installs.derive(draft)
    lost_homes.derive(draft)
    quality_gates.derive(draft)
    dependency_audits.derive(draft)
    if not any(artifact.kind in _TELLING for artifact in draft.artifacts):
        draft.symbols += list(migration_order.in_compose(draft))
        return
    releases = Releases(draft)
    found = list(releases.found())
    draft.symbols += found
    draft.symbols += list(cluster_commands.derive(draft, releases))
    draft.symbols += list(unsafe_lines.derive(releases))
    draft.symbols += list(applied_manifests.derive(draft, releases))
    draft.symbols += list(made_images.derive(draft, releases))
    draft.symbols += list(migration_order.derive(draft, releases))
