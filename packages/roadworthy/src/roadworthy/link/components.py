"""Puts compose services, Kubernetes workloads, Procfile processes, Dockerfiles and source trees together into components."""

import re
from collections import defaultdict

from roadworthy.link.binding import Locals, bind
from roadworthy.link.component_kind import kind_of
from roadworthy.link.draft import Draft
from roadworthy.link.joining import running
from roadworthy.link.known_images import basename
from roadworthy.link.running import Running, plain, telling_folder
from roadworthy.link.source_trees import applications, languages, settle
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import BaseImage, CopySource
from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.workload import DependsOn
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_STARTS = ("command", "entrypoint")
_FETCHES = re.compile(r"\b(git|curl|wget|pip3?|npm|go)\s+(clone|install|get|-)|https?://")
_MANIFESTS = ("pyproject.toml", "requirements.txt", "package.json", "go.mod", "pom.xml", "Gemfile", "composer.json")


def derive(draft: Draft) -> None:
    """Fill in the components and give every statement the id of its own; finding none is a possible result."""
    found = running(draft)
    dockerfiles = _dockerfiles(draft)
    _give_dockerfiles(found, dockerfiles, _pushed(draft))
    found += _undeclared(found, dockerfiles)
    settle(draft, found)
    _give_sources(draft, found)
    _give_starts(draft, found, dockerfiles)
    waited = frozenset(
        str(s.name)
        for s in draft.of(Kind.SERVICE, Action.REFERS)
        if isinstance(s.detail, DependsOn) and s.detail.condition == "service_completed_successfully"
    )
    found = _with_processes(found, waited)
    locals_: Locals = {}
    for id_, one in _named(found):
        kind = kind_of(one, waited)
        draft.components.append(
            Component(
                id_,
                kind,
                one.role,
                one.places or tuple(Span(path) for path in sorted(one.dockerfiles)) or (Span(_first(draft, one)),),
                one.image,
                tuple(sorted(one.dockerfiles)),
                tuple(sorted(one.sources)),
                languages(draft, one.sources),
            )
        )
        locals_ |= dict.fromkeys(one.locals, id_)
        locals_ |= {
            ("", s.component): id_ for s in one.declarations if getattr(s.detail, "artifact", "") == "kubernetes"
        }
    bind(draft, locals_)


def _dockerfiles(draft: Draft) -> dict[str, list[Symbol]]:
    """Return what the final stage of each production Dockerfile states, by path."""
    found: dict[str, list[Symbol]] = defaultdict(list)
    paths = {a.path for a in draft.artifacts if a.kind == "dockerfile" and a.role is FileRole.PROD}
    for symbol in draft.symbols:
        if symbol.at.path in paths:
            found[symbol.at.path].append(symbol)
    return {path: found[path] for path in sorted(paths)}


def _give_dockerfiles(found: list[Running], dockerfiles: dict[str, list[Symbol]], pushed: dict[str, str]) -> None:
    """Bind images that nothing says how to build to the Dockerfile that must build them."""
    used = {path for one in found for path in one.dockerfiles}
    free = [path for path in dockerfiles if path not in used]
    wanting = [one for one in found if not one.built and not one.product() and (one.image or not one.workloads())]
    for one in list(wanting):
        built = {pushed[basename(name)] for name in one.images() if basename(name) in pushed}
        if len(built) == 1:
            one.dockerfiles |= built
            wanting.remove(one)
            free = [path for path in free if path not in built]
            continue
        named = [path for path in dockerfiles if _names(path) & one.names()]
        if len(named) == 1:
            one.dockerfiles.add(named[0])
            wanting.remove(one)
            free = [path for path in free if path != named[0]]
    # Workloads that run one and the same image beside a single Dockerfile: it is theirs.
    if len(free) == 1 and wanting:
        images = {name for one in wanting for name in one.images()}
        if len(images) == 1 or not images:
            for one in wanting:
                one.dockerfiles.add(free[0])
    _share_images(found)


def _share_images(found: list[Running]) -> None:
    """Let what runs the same image share what builds it, whatever registry it is kept in."""
    builders: dict[str, set[str]] = defaultdict(set)
    for one in found:
        for name in one.images():
            builders[name] |= one.dockerfiles
            builders[basename(name)] |= one.dockerfiles
    for one in found:
        if not one.dockerfiles and not one.product():
            for name in one.images():
                one.dockerfiles |= builders[name] or builders[basename(name)]


def _names(dockerfile: str) -> set[str]:
    name = dockerfile.rpartition("/")[2]
    stem = name.removeprefix("Dockerfile").removesuffix(".Dockerfile").removesuffix(".dockerfile").strip(".-_")
    found = {plain(folder) for folder in telling_folder(dockerfile)} | {plain(stem)}
    return found - {"dockerfile", "prod", "production", ""}


def _pushed(draft: Draft) -> dict[str, str]:
    """Return which Dockerfile a pipeline builds under which image name."""
    found: dict[str, str] = {}
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        if not isinstance(symbol.detail, ActionUse) or str(symbol.name) != "docker/build-push-action":
            continue
        given = dict(symbol.detail.given)
        context = (given.get("context") or ".").removeprefix("./").strip("/")
        path = given.get("file") or (f"{context}/Dockerfile" if context not in ("", ".") else "Dockerfile")
        path = path.removeprefix("./")
        for tag in re.split(r"[,\s]+", given.get("tags") or ""):
            name = basename(re.sub(r"\$\{\{.*?\}\}", "*", tag))
            if name and "*" not in name and path in draft.tree.files:
                found[name] = path
    return found


def _undeclared(found: list[Running], dockerfiles: dict[str, list[Symbol]]) -> list[Running]:
    """Return a running thing for each Dockerfile that starts something and that nothing else builds."""
    used = {path for one in found for path in one.dockerfiles}
    out: list[Running] = []
    for path, symbols in dockerfiles.items():
        starts = any(
            isinstance(s.detail, CommandUse) and s.detail.purpose in _STARTS and s.phase == "run" for s in symbols
        )
        if path in used or not starts or (found and _is_tool(symbols)):
            continue
        named = sorted(_names(path))
        one = Running(named[-1] if named else "app", path.rpartition("/")[0])
        one.dockerfiles.add(path)
        out.append(one)
    return out


def _is_tool(symbols: list[Symbol]) -> bool:
    """Tell whether an image that nothing deploys wraps a program of others: it takes no file from here and listens nowhere."""
    fetched = any(
        isinstance(s.detail, CommandUse) and s.detail.purpose == "run" and _FETCHES.search(" ".join(s.detail.words))
        for s in symbols
    )
    return not fetched and not any(s.kind is Kind.PORT or isinstance(s.detail, CopySource) for s in symbols)


def _give_sources(draft: Draft, found: list[Running]) -> None:
    """Give code that no Dockerfile speaks of to what starts it, or to a component of its own."""
    if any(one.sources for one in found):
        return
    folders = applications(draft)
    wanting = [one for one in found if not one.product()]
    for folder in folders:
        name = plain(folder.rpartition("/")[2]) if folder else ""
        matching = [one for one in wanting if len(folders) == 1 or name in one.names() or one.folder == folder]
        for one in matching:
            one.sources.add(folder)
        if not matching:
            own = Running(folder.rpartition("/")[2] or "app", folder)
            own.sources.add(folder)
            found.append(own)


def _give_starts(draft: Draft, found: list[Running], dockerfiles: dict[str, list[Symbol]]) -> None:
    by_local: dict[tuple[str, str], list[CommandUse]] = defaultdict(list)
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in (*_STARTS, "job") and symbol.component:
            by_local[symbol.at.path, symbol.component].append(symbol.detail)
    for one in found:
        uses = [use for key in sorted(one.locals) for use in by_local[key]]
        for path in sorted(one.dockerfiles):
            for symbol in dockerfiles.get(path, []):
                if isinstance(symbol.detail, BaseImage) and symbol.detail.final and symbol.detail.by == "FROM":
                    one.bases.add(str(symbol.name))
                elif isinstance(symbol.detail, CommandUse) and symbol.phase == "run" and not uses:
                    one.starts += [" ".join(symbol.detail.words)] if symbol.detail.purpose in _STARTS else []
        one.starts += [" ".join(use.words) for use in uses]


def _with_processes(found: list[Running], waited: frozenset[str]) -> list[Running]:
    """Join the processes of a Procfile with what does the same work elsewhere; the others share its code."""
    processes = [one for one in found if one.artifacts == {"procfile"}]
    others = [one for one in found if one not in processes]
    out = list(others)
    for process in processes:
        kind = kind_of(process, waited) if process.name != "web" else ComponentKind.SERVICE
        alike = [one for one in others if kind_of(one, waited) is kind and "procfile" not in one.artifacts]
        if len(alike) == 1:
            alike[0].absorb(process)
            continue
        serving = [one for one in others if one.sources and kind_of(one, waited) is ComponentKind.SERVICE]
        if not process.sources and len(serving) == 1:
            process.sources |= serving[0].sources
        out.append(process)
    return out


def _named(found: list[Running]) -> list[tuple[str, Running]]:
    """Return each with its id: its name, with its folder before it where two have the same."""
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        counts[one.name] += 1
    out: list[tuple[str, Running]] = []
    taken: set[str] = set()
    for one in sorted(found, key=lambda one: (one.name, one.folder, one.image)):
        id_ = one.name if counts[one.name] == 1 or not one.folder else f"{one.folder}/{one.name}"
        while id_ in taken:
            id_ += "'"
        taken.add(id_)
        out.append((id_, one))
    return out


def _first(draft: Draft, one: Running) -> str:
    folders = sorted(one.sources) or [one.folder]
    prefix = folders[0] + "/" if folders[0] else ""
    manifest = next((prefix + name for name in _MANIFESTS if prefix + name in draft.tree.files), None)
    if manifest is not None:
        return manifest
    return next(iter(draft.tree.below(folders[0])), prefix)
