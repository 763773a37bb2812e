"""What a kustomization's patches may change: components that run in a cluster, and no others."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Kind, Open


def derive(draft: Draft) -> None:
    """Give the openings a patch makes for everything to each component that a manifest declares."""
    kustomizations = {artifact.path for artifact in draft.artifacts if artifact.kind == "kustomization"}
    deployed = sorted(
        {
            symbol.component
            for symbol in draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(symbol.detail, Workload) and symbol.detail.artifact == "kubernetes" and symbol.component
        }
    )
    if not kustomizations or not deployed:
        return
    opens: list[Open] = []
    for opening in draft.opens:
        wide = not opening.component and opening.at.path in kustomizations and opening.covers is None
        opens += [replace(opening, component=id_) for id_ in deployed] if wide else [opening]
    draft.opens[:] = opens
