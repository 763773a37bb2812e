"""Whether the names in `COPY --from`, `FROM` and build targets are stages, images or extra build contexts."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from roadworthy.link.draft import Draft
from roadworthy.link.image_knowledge import contents
from roadworthy.link.image_stages import Stage, named
from roadworthy.link.known_images import known
from roadworthy.model.detail.image import BaseImage, ContentFound, StageUse, StageWanted
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol

# Names that people give to stages and that are no image on the Docker Hub's list of official ones.
_GENERIC = frozenset(
    """
    builder build base deps dependencies frontend backend compile compiler prod production runtime assets test
    tests dev development installer release app api web client ui server stage final pruner vendor packages
    wheels static python-builder node-builder
    """.split()
)


def stage_names(path: str, stages: list[Stage], extra: frozenset[str], draft: Draft) -> Iterator[Symbol]:
    """Yield each name that must be a stage, and what it was found to be."""
    for stage in stages:
        for symbol in stage.statements if stage.needed else ():
            if isinstance(symbol.detail, StageUse) and symbol.detail.by != "FROM" and isinstance(symbol.name, Exact):
                yield from _one(symbol, symbol.detail.by, stages, stage.index, extra, draft)
    for symbol in draft.of(Kind.STAGE, Action.REFERS):
        if isinstance(symbol.detail, FileUse) and isinstance(symbol.name, Exact) and _builds(draft, symbol, path):
            yield from _one(symbol, "target", stages, len(stages), frozenset(), draft)


def _builds(draft: Draft, symbol: Symbol, path: str) -> bool:
    return any(
        isinstance(service.detail, Workload)
        and service.detail.dockerfile == path
        and service.detail.target == str(symbol.name)
        and service.at.path == symbol.at.path
        and service.component == symbol.component
        for service in draft.of(Kind.SERVICE, Action.DEFINES)
    )


def _one(
    symbol: Symbol, by: str, stages: list[Stage], before: int, extra: frozenset[str], draft: Draft
) -> Iterator[Symbol]:
    name = str(symbol.name)
    path = stages[0].path
    component = f"{path} {symbol.at} {by}"
    later = next((s for s in stages[before:] if s.name == name.lower() or str(s.index) == name), None)
    detail = StageWanted(by, path, later.at if later else None)
    yield Symbol(Kind.CONTENT, Action.REFERS, symbol.name, symbol.at, component, "build", symbol.role, detail)
    found = named(stages, name, before)
    if found is not None:
        there = ContentFound(found.name)
        yield Symbol(Kind.CONTENT, Action.DEFINES, symbol.name, found.at, component, "build", detail=there)
        return
    if by != "target" and (name in extra or _is_image(name)):
        there = ContentFound(name)
        yield Symbol(Kind.CONTENT, Action.DEFINES, symbol.name, symbol.at, component, "build", detail=there)
        if name not in extra:
            base = BaseImage(getattr(symbol.detail, "stage", 0), by)
            yield Symbol(
                Kind.IMAGE, Action.REFERS, symbol.name, symbol.at, symbol.component, "build", symbol.role, base
            )
        return
    if by != "target" and later is None and not _stage_like(name, stages):
        reason = f"whether `{name}` is an image or a build context given on the command line"
        draft.opens.append(Open(Kind.CONTENT, component, reason, symbol.at))
    for stage in stages[:before]:
        if stage.name != str(stage.index):
            there = ContentFound(stage.name)
            yield Symbol(Kind.CONTENT, Action.DEFINES, Exact(stage.name), stage.at, component, "build", detail=there)


def _is_image(name: str) -> bool:
    return any(c in name for c in "/:@.") or contents(name) is not None or known(name) is not None


def _stage_like(name: str, stages: list[Stage]) -> bool:
    plain = name.lower()
    return (
        plain in _GENERIC
        or name.isdecimal()
        or any(part in plain for part in ("builder", "-build", "build-", "-deps", "-stage"))
        or any(SequenceMatcher(None, plain, stage.name).ratio() >= 0.75 for stage in stages)
    )
