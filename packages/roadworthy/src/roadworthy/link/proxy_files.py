"""Which component reads a proxy's configuration file: what mounts it, copies it, or gets it from a ConfigMap."""

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import guessed_context
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.proxy import ProxyDefaults, ProxyRoute, TlsServer
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole


@dataclass(frozen=True, slots=True)
class Holder:
    """A component that has the file: where it says so, and in an artifact of which role."""

    component: str
    at: Span
    role: FileRole


def bound(draft: Draft) -> dict[str, list[Holder]]:
    """Return the holders of every file that says something about a proxy, by path."""
    paths = {
        s.at.path
        for s in draft.symbols
        if isinstance(s.detail, ProxyRoute | ProxyDefaults | TlsServer) and not s.component
    }
    found: dict[str, list[Holder]] = defaultdict(list)
    if not paths:
        return found
    for path, holder in (*_mounted(draft, paths), *_copied(draft, paths), *_objects(draft, paths)):
        if holder not in found[path]:
            found[path].append(holder)
    for holders in found.values():
        holders.sort(key=lambda h: (h.role is not FileRole.PROD, h.component, h.at))
    return found


def role_of(symbol: Symbol, holders: list[Holder]) -> FileRole:
    """Return what a proxy's configuration is for: that of what reads it, where something does."""
    template = symbol.at.path.endswith(".template") and symbol.role is FileRole.EXAMPLE
    if symbol.role is FileRole.PROD or template:
        roles = {holder.role for holder in holders}
        if roles:
            return FileRole.PROD if FileRole.PROD in roles else min(roles)
    return symbol.role


def _mounted(draft: Draft, paths: set[str]) -> Iterator[tuple[str, Holder]]:
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        if not isinstance(symbol.detail, Mount) or not isinstance(symbol.name, Exact) or not symbol.component:
            continue
        source = symbol.name.text.rstrip("/")
        for path in paths:
            if path == source or (source not in ("", ".") and path.startswith(source + "/")):
                yield path, Holder(symbol.component, symbol.at, symbol.role)


def _copied(draft: Draft, paths: set[str]) -> Iterator[tuple[str, Holder]]:
    copies = [s for s in draft.of(Kind.FILE, Action.REFERS) if isinstance(s.detail, CopySource)]
    for symbol in copies:
        detail = symbol.detail
        if not isinstance(detail, CopySource) or detail.origin or not symbol.component:
            continue
        folder = (detail.destination or "").lower()
        if "nginx" not in folder and "caddy" not in folder:
            continue
        beside = [str(s.name) for s in copies if s.at.path == symbol.at.path]
        context = guessed_context(draft, symbol.at.path, beside)
        source = posixpath.normpath(posixpath.join(context, str(symbol.name).lstrip("/") or "."))
        for path in paths:
            if path == source or (source != "." and path.startswith(source + "/")):
                yield path, Holder(symbol.component, symbol.at, symbol.role)


def _objects(draft: Draft, paths: set[str]) -> Iterator[tuple[str, Holder]]:
    resources: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.SECRET_KEY, Action.DEFINES):
        if isinstance(symbol.detail, ObjectKey):
            resource = str(symbol.name).partition("/")[0]
            if symbol.at.path in paths:
                resources[resource].add(symbol.at.path)
            elif symbol.detail.by == "kustomize":
                name = str(symbol.name).partition("/")[2]
                resources[resource] |= {path for path in paths if path.rpartition("/")[2] == name}
    for symbol in draft.of(Kind.VOLUME, Action.REFERS):
        mount = symbol.detail
        if isinstance(mount, Mount) and mount.form == "configmap":
            for path in sorted(resources.get(mount.source, ())):
                yield path, Holder(symbol.component, symbol.at, symbol.role)
