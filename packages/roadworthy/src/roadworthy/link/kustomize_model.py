"""What kustomizations say together: which manifests are patches of others.

A patch states a part of a workload. What it states is taken out of the facts, and the workload it changes is opened:
no check may rest on the part that the patch replaces.
"""

from roadworthy.link.draft import Draft
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol


def derive(draft: Draft) -> None:
    """Take patches out and open what they change."""
    patches = {
        str(s.name)
        for s in draft.of(Kind.FILE, Action.REFERS)
        if isinstance(s.detail, FileUse) and s.detail.by == "patch"
    }
    manifests = {a.path for a in draft.artifacts if a.kind == "kubernetes/manifest"}
    partial = patches & manifests
    kept: list[Symbol] = []
    for symbol in draft.symbols:
        if symbol.at.path not in partial and not _is_part(symbol):
            kept.append(symbol)
        elif isinstance(symbol.detail, Workload) and isinstance(symbol.name, Exact):
            _open(draft, symbol)
    draft.symbols[:] = kept


def _is_part(symbol: Symbol) -> bool:
    """Recognise a workload without an image or containers: only a patch can leave them out."""
    detail = symbol.detail
    return (
        isinstance(detail, Workload)
        and detail.artifact == "kubernetes"
        and not detail.image
        and not detail.pod
        and not detail.labels
    )


def _open(draft: Draft, symbol: Symbol) -> None:
    reason = f"a patch in {symbol.at.path} changes {symbol.name}"
    for kind in (Kind.SERVICE, Kind.PORT, Kind.ENVIRONMENT, Kind.VOLUME, Kind.COMMAND):
        draft.opens.append(Open(kind, str(symbol.name), reason, symbol.at))
