"""Where a program may find variables in a `.env` file that its image or a mount brings, and that no one can see here."""

from roadworthy.link.build_contexts import Contexts, contexts, joined
from roadworthy.link.draft import Draft
from roadworthy.link.image_builds import builds
from roadworthy.model.component import Component
from roadworthy.model.detail.image import CopySource, StageBuilt
from roadworthy.model.detail.loading import EnvironmentLoaded
from roadworthy.model.detail.volume import Mount
from roadworthy.model.symbol import Action, Kind, Open, Symbol
from roadworthy.model.words import FileRole

_WHOLE = frozenset({".", "./", "/", ".env", "./.env"})


def derive(draft: Draft) -> None:
    """Open the variables of components whose code loads such a file, where nothing keeps one out of the container."""
    loading: dict[str, Symbol] = {}
    for symbol in draft.symbols:
        if isinstance(symbol.detail, EnvironmentLoaded) and symbol.role is FileRole.PROD:
            loading.setdefault(symbol.component, symbol)
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, EnvironmentLoaded)]
    if not loading:
        return
    known = contexts(draft, builds(draft))
    for component in draft.components:
        loaded = loading.get(component.id) or loading.get("")
        brought = _brought(draft, component, known) if loaded is not None and component.ours else None
        if loaded is not None and brought is not None:
            reason = f"the code loads `.env`, which {brought.at.path} brings into the container where there is one"
            draft.opens.append(Open(Kind.ENVIRONMENT, component.id, reason, brought.at))


def _brought(draft: Draft, component: Component, known: Contexts) -> Symbol | None:
    """Return what brings the folder that holds a `.env` into the container."""
    final = {(s.at.path, s.detail.index) for s in draft.symbols if isinstance(s.detail, StageBuilt) and s.detail.final}
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        copied = symbol.detail
        if not isinstance(copied, CopySource) or symbol.at.path not in component.dockerfiles or copied.origin:
            continue
        if str(symbol.name) in _WHOLE and (symbol.at.path, copied.stage) in final:
            for context in known.of(symbol.at.path)[:1]:
                if known.ignored(symbol.at.path, context, joined(context, ".env")) is None:
                    return symbol
    for symbol in draft.of(Kind.VOLUME, Action.REFERS):
        mount = symbol.detail
        if not isinstance(mount, Mount) or symbol.component != component.id or symbol.role is not FileRole.PROD:
            continue
        if mount.form == "bind" and mount.source.rstrip("/") in (".", ".."):
            return symbol
    return None
