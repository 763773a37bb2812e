"""Where the containers of Prometheus and Grafana see their configuration, rules and dashboards."""

import posixpath
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import guessed_context
from roadworthy.model.detail.dashboard import Dashboard, DashboardProvider, DatasourceGiven
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.prometheus import FileMounted, PrometheusConfiguration, RuleFile
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_CONFIGURING = RuleFile | PrometheusConfiguration | Dashboard | DashboardProvider | DatasourceGiven


def derive(draft: Draft) -> None:
    """Add a file for every container path at which a configuration or rule file is mounted or copied."""
    files = {
        FileMounted(s.at.path, s.detail.resource if s.detail.key else "", s.detail.key)
        for s in draft.symbols
        if isinstance(s.detail, _CONFIGURING)
    }
    if not files:
        return
    generated = _generated(draft)
    references = draft.of(Kind.FILE, Action.REFERS)
    mounts = [(s, s.detail) for s in references if isinstance(s.detail, Mount) and isinstance(s.name, Exact)]
    copies = list(_copies(draft, references))
    volumes = [(s, s.detail) for s in draft.of(Kind.VOLUME, Action.REFERS) if isinstance(s.detail, Mount)]
    for file in sorted(files, key=lambda f: (f.path, f.resource, f.key)):
        entries = [(file.resource, file.key)] if file.resource and file.key else generated.get(file.path, [])
        found = [*_bound(mounts, file), *_copied(copies, file)]
        for resource, key in entries:
            found += _from_object(volumes, resource, key)
        for path, at, component in dict.fromkeys(found):
            draft.symbols.append(Symbol(Kind.FILE, Action.DEFINES, Exact(path), at, component, detail=file))


def _generated(draft: Draft) -> dict[str, list[tuple[str, str]]]:
    """Return the ConfigMap entries that kustomize makes of files, by path."""
    keys = {
        s.at: str(s.name)
        for s in draft.of(Kind.SECRET_KEY, Action.DEFINES)
        if isinstance(s.detail, ObjectKey) and s.detail.by == "kustomize"
    }
    found: dict[str, list[tuple[str, str]]] = {}
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        if symbol.at in keys:
            resource, _, key = keys[symbol.at].partition("/")
            found.setdefault(str(symbol.name), []).append((resource, key))
    return found


def _bound(mounts: list[tuple[Symbol, Mount]], file: FileMounted) -> Iterator[tuple[str, Span, str]]:
    for symbol, mount in mounts:
        source = str(symbol.name).rstrip("/")
        if source == file.path:
            yield mount.target, symbol.at, symbol.component
        elif source in ("", ".") or file.path.startswith(source + "/"):
            rest = file.path if source in ("", ".") else file.path[len(source) + 1 :]
            yield posixpath.join(mount.target, rest), symbol.at, symbol.component


def _copies(draft: Draft, references: list[Symbol]) -> Iterator[tuple[Symbol, CopySource, str, str]]:
    """Yield what images copy from their build contexts, each with its path in the repository."""
    copies = [s for s in references if isinstance(s.detail, CopySource)]
    for symbol in copies:
        detail = symbol.detail
        if not isinstance(detail, CopySource) or detail.origin or not detail.destination:
            continue
        beside = [str(s.name) for s in copies if s.at.path == symbol.at.path]
        context = guessed_context(draft, symbol.at.path, beside)
        source = posixpath.normpath(posixpath.join(context, str(symbol.name).lstrip("/") or "."))
        yield symbol, detail, source, detail.destination


def _copied(copies: list[tuple[Symbol, CopySource, str, str]], file: FileMounted) -> Iterator[tuple[str, Span, str]]:
    for symbol, detail, source, destination in copies:
        if source == file.path:
            name = posixpath.basename(file.path)
            target = posixpath.join(destination, name) if detail.into_folder else destination
            yield target, symbol.at, symbol.component
        elif source == "." or file.path.startswith(source + "/"):
            rest = file.path if source == "." else file.path[len(source) + 1 :]
            yield posixpath.join(destination, rest), symbol.at, symbol.component


def _from_object(volumes: list[tuple[Symbol, Mount]], resource: str, key: str) -> Iterator[tuple[str, Span, str]]:
    for symbol, mount in volumes:
        if mount.form == "configmap" and mount.source == resource:
            if not mount.sub_path:
                yield posixpath.join(mount.target, key), symbol.at, symbol.component
            elif mount.sub_path == key:
                yield mount.target, symbol.at, symbol.component
