"""Opens what a component may define in a language, or with a framework, that is not read.

Scripts that only a browser runs open nothing: what a front end does says nothing about the service behind it.
"""

import re

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import within
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.place import Span
from roadworthy.model.symbol import Kind, Open
from roadworthy.model.words import FileRole

OPENED = (
    Kind.CONSTRUCT,
    Kind.METRIC,
    Kind.LABEL,
    Kind.LABEL_VALUE,
    Kind.PATH,
    Kind.TABLE,
    Kind.COLUMN,
    Kind.ENVIRONMENT,
    Kind.PORT,
)
_MANIFESTS = (
    (re.compile(r"go\.mod"), "Go"),
    (re.compile(r"Gemfile|config\.ru"), "Ruby"),
    (re.compile(r"pom\.xml|build\.gradle(?:\.kts)?"), "Java or Kotlin"),
    (re.compile(r"build\.sbt"), "Scala"),
    (re.compile(r"composer\.json"), "PHP"),
    (re.compile(r"[\w.-]+\.(?:cs|fs)proj"), "C# or F#"),
    (re.compile(r"Cargo\.toml"), "Rust"),
    (re.compile(r"mix\.exs"), "Elixir"),
)
# Frameworks of JavaScript whose routes and servers are not read, and what each may bring.
_FRAMEWORKS = frozenset(
    """
    @hapi/hapi restify @feathersjs/koa @feathersjs/express sails @adonisjs/core @strapi/strapi strapi nuxt nuxt3 h3
    nitropack @remix-run/node @remix-run/serve @react-router/node @sveltejs/kit moleculer-web elysia payload directus
    @keystone-6/core @medusajs/medusa @loopback/rest parse-server egg @midwayjs/core actionhero @foal/core astro meteor
    routing-controllers @tsed/common uWebSockets.js json-server @redwoodjs/api @backstage/backend-defaults
    """.split()
)
_BY_FRAMEWORK = (Kind.PATH, Kind.PORT)
_NOT_OURS = frozenset({ComponentKind.STORE, ComponentKind.CACHE, ComponentKind.MONITORING, ComponentKind.PROXY})


def derive(draft: Draft) -> None:
    """Open every kind of name that code of a server can define, for each component written in another language."""
    found = _manifests(draft)
    ours = [c for c in draft.components if c.ours and c.role is FileRole.PROD and c.kind not in _NOT_OURS]
    for component in ours:
        for path, what, kinds in found:
            if _belongs(path, component, ours):
                _open(draft, component.id, path, what, kinds)
    if not ours:
        for path, what, kinds in found:
            _open(draft, "", path, what, kinds)


def _manifests(draft: Draft) -> list[tuple[str, str, tuple[Kind, ...]]]:
    """Return the manifests that show a server that is not read: what it is written in or with, and what it may bring."""
    found: dict[str, tuple[str, tuple[Kind, ...]]] = {}
    for path in draft.files:
        folder, _, name = path.rpartition("/")
        if _aside(folder):
            continue
        for pattern, language in _MANIFESTS:
            if pattern.fullmatch(name):
                found[path] = (f"code in {language}", OPENED)
    for symbol in draft.symbols:
        detail = symbol.detail
        asked = isinstance(detail, Dependency) and detail.ecosystem == "npm" and symbol.phase == "run"
        if asked and str(symbol.name) in _FRAMEWORKS and symbol.role is FileRole.PROD:
            found.setdefault(symbol.at.path, (f"a server made with {symbol.name}", _BY_FRAMEWORK))
    return [(path, *what) for path, what in sorted(found.items())]


def _aside(folder: str) -> bool:
    aside = {
        "test",
        "tests",
        "examples",
        "example",
        "docs",
        "tools",
        "vendor",
        "node_modules",
        "third_party",
        "bench",
        "load",
    }
    return bool(aside & set(folder.lower().split("/")))


def _belongs(path: str, component: Component, ours: list[Component]) -> bool:
    """Tell whether a manifest is that of a component: no other one lies nearer to it."""
    folder = path.rpartition("/")[0]
    own = within(folder + "/" if folder else "", component.sources) if component.sources else None
    if own is not None:
        nearer = [within(folder + "/" if folder else "", other.sources) for other in ours if other.sources]
        return len(own) == max(len(found) for found in nearer if found is not None)
    # A manifest above the sources, as where only `src` is copied.
    inside = [
        source for source in component.sources if not folder or source == folder or source.startswith(folder + "/")
    ]
    return bool(inside) and "python" not in component.languages


def _open(draft: Draft, component: str, path: str, what: str, kinds: tuple[Kind, ...]) -> None:
    for kind in kinds:
        draft.opens.append(
            Open(kind, component, f"{path} shows {what}, which is not read", Span(path), unread=kinds is OPENED)
        )
