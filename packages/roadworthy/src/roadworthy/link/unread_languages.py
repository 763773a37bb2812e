"""Opens what a component may define in a language that is not read.

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
_SERVERS = frozenset(
    """
    express fastify koa @nestjs/core @hapi/hapi hono next nuxt restify @feathersjs/feathers sails polka
    apollo-server @apollo/server socket.io ws moleculer @adonisjs/core strapi @strapi/strapi prom-client pg
    mysql2 mongoose ioredis bullmq @remix-run/node @sveltejs/kit
    """.split()
)
_NOT_OURS = frozenset({ComponentKind.STORE, ComponentKind.CACHE, ComponentKind.MONITORING, ComponentKind.PROXY})


def derive(draft: Draft) -> None:
    """Open every kind of name that code of a server can define, for each component written in another language."""
    found = _manifests(draft)
    ours = [c for c in draft.components if c.ours and c.role is FileRole.PROD and c.kind not in _NOT_OURS]
    claimed: set[str] = set()
    for component in ours:
        for path, language in found:
            if _belongs(path, component, ours):
                claimed.add(path)
                _open(draft, component.id, path, language)
    if not ours:
        for path, language in found:
            _open(draft, "", path, language)


def _manifests(draft: Draft) -> list[tuple[str, str]]:
    """Return the manifests that show a server in another language, with the language."""
    found: dict[str, str] = {}
    for path in draft.files:
        folder, _, name = path.rpartition("/")
        if _aside(folder):
            continue
        for pattern, language in _MANIFESTS:
            if pattern.fullmatch(name):
                found[path] = language
    for symbol in draft.symbols:
        detail = symbol.detail
        asked = isinstance(detail, Dependency) and detail.ecosystem == "npm" and symbol.phase == "run"
        if asked and str(symbol.name) in _SERVERS and symbol.role is FileRole.PROD:
            found[symbol.at.path] = "JavaScript or TypeScript"
    return sorted(found.items())


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


def _open(draft: Draft, component: str, path: str, language: str) -> None:
    for kind in OPENED:
        draft.opens.append(Open(kind, component, f"{path} shows code in {language}, which is not read", Span(path)))
