"""Which paths the code serves, and where more may be served than the code that was read says."""

from collections.abc import Iterator
from dataclasses import replace

from roadworthy.link import router_graph
from roadworthy.link.draft import Draft
from roadworthy.link.router_graph import RouterGraph
from roadworthy.link.shared_code import for_each, opened_for_each
from roadworthy.link.source_trees import suffix
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.detail.route import (
    NameImported,
    PathText,
    RouteDeclared,
    RouterIncluded,
    RouteServed,
)
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.caller_proofs import proves

SCRIPTS = frozenset({".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"})
_LINKED = (NameImported, PathText, RouteDeclared, RouterIncluded)


def derive(draft: Draft) -> None:
    """Put the modules' routers together into paths; open the set for what is not read; drop what only linking needs."""
    graph = router_graph.build(draft)
    _guard(draft, graph)
    routes = [(s, s.detail) for s in draft.symbols if isinstance(s.detail, RouteDeclared) and s.role is FileRole.PROD]
    served: dict[tuple[str, Span, str], Symbol] = {}
    for symbol, detail in routes:
        for statement in _served(graph, symbol, detail):
            if isinstance(statement, Open):
                draft.opens += opened_for_each(draft.components, statement)
                continue
            for one in for_each(draft.components, statement):
                served[str(one.name), one.at, one.component] = one
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, _LINKED)]
    draft.symbols += served.values()
    for prefix, symbol in graph.open_below:
        reason = "what is included here is not found in this repository"
        opening = Open(Kind.PATH, symbol.component, reason, symbol.at, Pattern(_below(prefix)))
        draft.opens += opened_for_each(draft.components, opening)
    draft.opens += _unread(draft, graph)


def _guard(draft: Draft, graph: RouterGraph) -> None:
    """Add to each handler what its router, or one around that, asks to prove who calls."""
    for index, symbol in enumerate(draft.symbols):
        detail = symbol.detail
        if isinstance(detail, HandlerGuarded):
            key = graph.names.settle(detail.router, symbol.at.path)
            proofs = {name for name in graph.asked.get(key, ()) if proves(name)}
            guards = tuple(sorted(proofs | set(detail.guards)))
            prefixes = graph.prefixes.get(key, ())
            own = graph.path(detail.path, symbol.at.path)
            served = (next(iter(prefixes)) + own).replace("//", "/") if len(prefixes) == 1 else ""
            if guards != detail.guards or served != detail.served:
                draft.symbols[index] = replace(symbol, detail=replace(detail, guards=guards, served=served))


def _served(graph: RouterGraph, symbol: Symbol, detail: RouteDeclared) -> Iterator[Symbol | Open]:
    path = graph.path(detail.path, symbol.at.path)
    key = graph.names.settle(str(symbol.name), symbol.at.path) if str(symbol.name) else ""
    prefixes = graph.prefixes.get(key)
    if prefixes:
        for prefix in sorted(prefixes):
            if detail.path is None and suffix(symbol.at.path) in SCRIPTS:
                reason = "the path of a route is computed"
                yield Open(Kind.PATH, symbol.component, reason, symbol.at, Pattern(_below(prefix)))
            else:
                yield from _paths(symbol, detail, prefix + path)
        return
    if key in graph.declared:
        own = graph.path(graph.declared[key][1].prefix, symbol.at.path)
        doubt = graph.unfollowed or (symbol.at if key in graph.mentioned else None)
        if doubt is not None:
            reason = f"whether `{own}{path}` is served under some prefix: how its router is included is not followed"
            yield Open(Kind.PATH, symbol.component, reason, doubt, Pattern(f"**{own}{path}"))
        return
    if suffix(symbol.at.path) in SCRIPTS and key.partition(":")[0] not in ("", symbol.at.path):
        # A method of something imported that nothing here shows to be a router: a client of some other service.
        return
    last = key.rpartition(":")[2].rpartition(".")[2].lower()
    yield from _paths(symbol, detail, path if "app" in last else f"**{path}")


def _paths(symbol: Symbol, detail: RouteDeclared, path: str) -> Iterator[Symbol]:
    while "//" in path:
        path = path.replace("//", "/")
    found = [path if path.startswith(("/", "*")) else "/" + path]
    # Frameworks redirect between a path and the same path with a slash at its end; a probe takes that for an answer.
    if found[0] not in ("/", "**"):
        if found[0].endswith("/"):
            found.append(found[0].removesuffix("/"))
        elif not detail.strict:
            found.append(found[0] + "/")
    if detail.below:
        found.append(_below(path))
    for text in dict.fromkeys(found):
        name: Name = Pattern(text) if "*" in text else Exact(text)
        what = RouteServed("code", detail.methods, detail.handler)
        yield Symbol(Kind.PATH, Action.DEFINES, name, symbol.at, symbol.component, role=symbol.role, detail=what)


def _below(prefix: str) -> str:
    stem = prefix.removesuffix("**").rstrip("/")
    return "**" if not stem else f"{stem}/**" if not prefix.endswith("**") else f"{stem}**"


def _unread(draft: Draft, graph: RouterGraph) -> Iterator[Open]:
    """Yield an opening for each component whose code is not here or not read."""
    applications = [
        symbol
        for symbol, detail in graph.declared.values()
        if detail.form == "application" and symbol.role is FileRole.PROD
    ]
    for component in draft.components:
        reason = _why_unread(component, applications)
        if reason:
            yield Open(Kind.PATH, component.id, reason, component.declared[0])
    if not applications and not draft.components:
        for symbol in draft.of(Kind.PATH, Action.REFERS)[:1]:
            yield Open(Kind.PATH, "", "no application was found whose routes are read", symbol.at)


def _why_unread(component: Component, applications: list[Symbol]) -> str:
    if not component.ours:
        what = f"`{component.image}`" if component.image else f"`{component.id}`"
        return f"what {what} serves is not in this repository"
    if component.kind is ComponentKind.PROXY:
        return f"`{component.id}` passes requests on"
    within = [s for s in applications if not s.component or s.component == component.id or _holds(component, s.at.path)]
    if not within:
        languages = ", ".join(component.languages) or "its language"
        return f"no application whose routes are read was found in `{component.id}` ({languages})"
    return ""


def _holds(component: Component, path: str) -> bool:
    return any(not folder or path.startswith(folder + "/") for folder in component.sources)
