"""The prefixes under which each router is served, from the applications down."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link import javascript_modules
from roadworthy.link.draft import Draft
from roadworthy.link.module_names import ModuleNames
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.route import NameImported, PathText, RouterDeclared, RouterIncluded
from roadworthy.model.place import Span
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import FileRole

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_MAXIMUM_DEPTH = 16
_MAXIMUM_PREFIXES = 64
_MAXIMUM_REFERENCES = 4


@dataclass(slots=True)
class RouterGraph:
    """`prefixes` are those of each router that an application includes; `open_below` the prefixes below which
    something that is not read serves, with its place; `asked` the names that stand before every route of a router, its own
    and those of what includes it; `unfollowed` tells that a router is included that is computed."""

    names: ModuleNames
    texts: dict[str, set[str]]
    given: frozenset[str]
    declared: dict[str, tuple[Symbol, RouterDeclared]] = field(default_factory=dict)
    prefixes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    open_below: list[tuple[str, Symbol]] = field(default_factory=list)
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    mentioned: set[str] = field(default_factory=set)
    unfollowed: Span | None = None

    def path(self, text: str | None, seen_from: str) -> str:
        """Return a path with the texts of other modules put in; `**` stands for what cannot be told."""
        if text is None:
            return "**"
        for _ in range(_MAXIMUM_REFERENCES):
            if "${" not in text:
                break
            text = _REFERENCE.sub(lambda found: self._text(found[1], seen_from), text)
        return _REFERENCE.sub("**", text)

    def _text(self, name: str, seen_from: str) -> str:
        settled = self.names.settle(name, seen_from)
        last = settled.rpartition(":")[2].rpartition(".")[2]
        if last in self.given:
            return "**"
        exact = self.texts.get(settled)
        if exact:
            return next(iter(exact)) if len(exact) == 1 else "**"
        path = settled.partition(":")[0]
        near = {
            t for key, found in self.texts.items() if _last(key) == last and key.startswith(path + ":") for t in found
        }
        found = near or {t for key, texts in self.texts.items() if _last(key) == last for t in texts}
        return next(iter(found)) if len(found) == 1 else "**"


def _last(name: str) -> str:
    return name.rpartition(":")[2].rpartition(".")[2]


def build(draft: Draft) -> RouterGraph:
    """Follow every inclusion from every application of production code."""
    product = [s for s in draft.symbols if s.kind is Kind.CONSTRUCT and s.role is FileRole.PROD]
    handed_on: dict[str, str] = {}
    stars: dict[str, list[str]] = defaultdict(list)
    for symbol in product:
        if isinstance(symbol.detail, NameImported):
            own = str(symbol.name)
            if own.endswith(":*"):
                stars[own.removesuffix(":*")].append(symbol.detail.target)
            else:
                handed_on[own] = symbol.detail.target
    known = {str(s.name) for s in product if isinstance(s.detail, RouterDeclared | PathText)}
    texts: dict[str, set[str]] = defaultdict(set)
    for symbol in product:
        if isinstance(symbol.detail, PathText):
            texts[str(symbol.name)].add(symbol.detail.text)
    given = frozenset(str(s.name) for s in draft.symbols if isinstance(s.detail, EnvironmentGiven))
    scripts = javascript_modules.of(draft.files, draft.symbols)
    graph = RouterGraph(ModuleNames(draft.files, handed_on, scripts, stars, known), texts, given)
    inclusions: dict[str, list[tuple[Symbol, RouterIncluded]]] = defaultdict(list)
    for symbol in product:
        key = graph.names.settle(str(symbol.name), symbol.at.path)
        if isinstance(symbol.detail, RouterDeclared):
            graph.declared[key] = (symbol, symbol.detail)
        elif isinstance(symbol.detail, RouterIncluded):
            inclusions[key].append((symbol, symbol.detail))
        elif isinstance(symbol.detail, NameImported) and not symbol.at.path.endswith(javascript_modules.ENDINGS):
            graph.mentioned.add(graph.names.settle(symbol.detail.target, symbol.at.path))
    for key, found in inclusions.items():
        inclusions[key] = [one for symbol, detail in found for one in _each_of_folder(draft, graph, symbol, detail)]
    roots = {key for key, (_, detail) in graph.declared.items() if detail.form == "application"}
    inner = {_inner(graph, s, d) for found in inclusions.values() for s, d in found}
    graph.mentioned |= {key for key in inner if key}
    # A name that nothing declares and nothing includes, into which routers are put: a parameter that is an application.
    roots |= {key for key in inclusions if key not in graph.declared and key not in inner and _application(key)}
    included_roots = {key for key in roots if key in inner}
    for root in sorted(roots - included_roots) or sorted(roots):
        declared = graph.declared.get(root)
        prefix = graph.path(declared[1].prefix, declared[0].at.path) if declared is not None else ""
        _descend(graph, inclusions, root, prefix, 0)
    return graph


def _each_of_folder(
    draft: Draft, graph: RouterGraph, symbol: Symbol, detail: RouterIncluded
) -> Iterator[tuple[Symbol, RouterIncluded]]:
    """Yield an inclusion, or where a whole folder is included, one for each file in it that makes a router."""
    if detail.inner is None or not detail.inner.endswith(":**"):
        yield symbol, detail
        return
    folder = detail.inner.removesuffix(":**").strip("/") + "/"
    for file in draft.files:
        if file.startswith(folder):
            inner = graph.names.settle(f"{file}:default", file)
            if inner in graph.declared:
                below = file[len(folder) :].rpartition("/")[0]
                prefix = None if detail.prefix is None else detail.prefix + ("/" + below if below else "")
                yield symbol, RouterIncluded(inner, prefix, detail.dependencies)


def _application(key: str) -> bool:
    return re.search(r"app", _last(key), re.IGNORECASE) is not None


def _inner(graph: RouterGraph, symbol: Symbol, detail: RouterIncluded) -> str:
    return graph.names.settle(detail.inner, symbol.at.path) if detail.inner else ""


def _descend(
    graph: RouterGraph,
    inclusions: dict[str, list[tuple[Symbol, RouterIncluded]]],
    key: str,
    prefix: str,
    depth: int,
) -> None:
    known = graph.prefixes[key]
    if key in graph.declared:
        graph.asked[key].update(graph.declared[key][1].dependencies)
    if prefix in known or len(known) >= _MAXIMUM_PREFIXES or depth > _MAXIMUM_DEPTH:
        return
    known.add(prefix)
    for symbol, detail in inclusions.get(key, ()):
        inner = _inner(graph, symbol, detail)
        below = _join(prefix, graph.path(detail.prefix, symbol.at.path))
        graph.asked[inner].update(graph.asked[key], detail.dependencies)
        if inner in graph.declared:
            own = graph.declared[inner][1]
            # Flask's register_blueprint(url_prefix=…) takes the place of the blueprint's own prefix.
            if not (own.framework in ("flask", "quart") and detail.prefix):
                below = _join(below, graph.path(own.prefix, graph.declared[inner][0].at.path))
            _descend(graph, inclusions, inner, below, depth + 1)
        else:
            graph.open_below.append((below, symbol))
            if detail.inner is None or ":" in inner:
                graph.unfollowed = graph.unfollowed or symbol.at


def _join(prefix: str, path: str) -> str:
    if prefix.endswith("/") and path.startswith("/"):
        return prefix + path[1:]
    return prefix + path
