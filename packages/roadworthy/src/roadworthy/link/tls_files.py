"""Whether the certificates and keys that a proxy names are there: mounted, copied, made, or kept as a secret."""

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.link import proxy_files
from roadworthy.link.draft import Draft
from roadworthy.model.component import Component
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.proxy import TlsFile, TlsServer
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol


def derive(draft: Draft) -> None:
    """Add a statement for every file and secret that a server with TLS names."""
    servers = [s for s in draft.of(Kind.SETTING, Action.DEFINES) if isinstance(s.detail, TlsServer)]
    if not servers:
        return
    bound = proxy_files.bound(draft)
    components = {component.id: component for component in draft.components}
    found: dict[tuple[Span, str], Symbol] = {}
    for index, symbol in enumerate(draft.symbols):
        server = symbol.detail
        if not isinstance(server, TlsServer):
            continue
        holders = bound.get(symbol.at.path, [])
        role = proxy_files.role_of(symbol, holders)
        through = next((h.component for h in holders if h.role is role), "")
        draft.symbols[index] = Symbol(
            symbol.kind, symbol.action, symbol.name, symbol.at, through, "run", role, symbol.detail
        )
        for name, at in ((server.certificate, server.certificate_at), (server.key, server.key_at)):
            if not name or at is None or "$" in name:
                continue
            told = (
                _secret(draft, server, name)
                if server.proxy == "ingress"
                else _file(draft, components.get(through), name)
            )
            found[at, name] = Symbol(Kind.FILE, Action.REFERS, Exact(name), at, through, "run", role, told)
    draft.symbols += found.values()


def _secret(draft: Draft, server: TlsServer, name: str) -> TlsFile:
    """Look a secret up among those the repository makes or has made."""
    made = {
        str(s.name).partition("/")[0]: s.at
        for s in draft.of(Kind.SECRET_KEY, Action.DEFINES)
        if isinstance(s.detail, ObjectKey) and s.detail.object == "Secret"
    }
    issued = {str(s.name): s.at for s in draft.of(Kind.SETTING, Action.DEFINES) if s.phase == "issue"}
    if name in made or name in issued or server.hidden:
        return TlsFile("ingress", "there")
    tls = issued or {other: at for other, at in made.items() if "tls" in other or "cert" in other}
    close = get_close_matches(name, tls, 1, 0.5) or (list(issued) if len(issued) == 1 else [])
    if close:
        return TlsFile("ingress", "missing", "", tuple((other, tls[other]) for other in close))
    return TlsFile("ingress", "unclear", "nothing in the repository makes secrets for certificates")


def _file(draft: Draft, component: Component | None, path: str) -> TlsFile:
    """Look a path up in what the proxy's container is given."""
    if component is None:
        return TlsFile("nginx", "unclear", "which container reads this configuration is not seen")
    given: list[tuple[str, Span]] = []
    for target, at, whole in _given(draft, component):
        if path == target or (whole and path.startswith(target.rstrip("/") + "/")):
            return TlsFile("nginx", "there")
        given.append((target, at))
    if component.dockerfiles:
        return TlsFile("nginx", "unclear", f"what {component.dockerfiles[0]} puts into its image is not followed")
    near = sorted(given, key=lambda one: -len(posixpath.commonprefix([one[0], path])))
    sides = tuple((f"gives the proxy `{target}`", at) for target, at in near[:3])
    return TlsFile("nginx", "missing", "", sides or (("gives the proxy no such file", component.declared[0]),))


def _given(draft: Draft, component: Component) -> Iterator[tuple[str, Span, bool]]:
    for symbol in draft.of(Kind.VOLUME, Action.REFERS):
        if symbol.component == component.id and isinstance(symbol.detail, Mount) and symbol.detail.target:
            mount = symbol.detail
            single = mount.form == "bind" and "." in mount.target.rpartition("/")[2] and not mount.target.endswith(".d")
            yield mount.target, symbol.at, not single
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        if symbol.component == component.id and isinstance(symbol.detail, CopySource):
            yield symbol.detail.destination or "/", symbol.at, True
