"""Code that runs in a browser says nothing of the service: what only a server does wrong is dropped there."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import within
from roadworthy.model.detail.code import BlockingCall, ClientCall, HandlerEmpty
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.symbol import Kind, Symbol

_ENDINGS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")
_PAGES = frozenset(
    """
    react react-dom vue svelte preact solid-js @angular/core ember-source lit alpinejs jquery react-native expo electron
    """.split()
)
_BOTH = frozenset(
    {"next", "nuxt", "@remix-run/node", "@remix-run/react", "@sveltejs/kit", "astro", "gatsby", "@react-router/node"}
)
_SERVERS = frozenset(
    """
    express fastify koa @nestjs/core @nestjs/common @hapi/hapi hono restify polka @apollo/server apollo-server
    apollo-server-express socket.io @feathersjs/feathers sails @adonisjs/core @trpc/server bullmq bull kafkajs pg mysql2
    mongoose ioredis amqplib
    """.split()
)
_SERVED = ("/api/", "/server/", "/routes/", "route.ts", "route.js", "+server.ts", ".server.ts")


def derive(draft: Draft) -> None:
    """Drop what front ends do; doubt what may run on either side; settle what defaults of a client settle."""
    asked: dict[str, set[str]] = {}
    for symbol in draft.symbols:
        if isinstance(symbol.detail, Dependency) and symbol.detail.ecosystem == "npm":
            names = asked.setdefault(symbol.at.path.rpartition("/")[0], set())
            if symbol.phase == "run":
                names.add(str(symbol.name))
    settled = {
        within(s.at.path, asked)
        for s in draft.symbols
        if isinstance(s.detail, ClientCall) and str(s.name) == "axios.defaults.timeout"
    }
    mixed = any(names & (_PAGES | _BOTH) for names in asked.values())
    kept: list[Symbol] = []
    for symbol in draft.symbols:
        detail = symbol.detail
        if symbol.kind is not Kind.CONSTRUCT or not isinstance(detail, ClientCall | HandlerEmpty | BlockingCall):
            kept.append(symbol)
            continue
        if not symbol.at.path.endswith(_ENDINGS):
            kept.append(symbol)
            continue
        package = within(symbol.at.path, asked)
        names = asked.get(package, set()) if package is not None else set()
        if names & _PAGES and not names & (_SERVERS | _BOTH):
            continue
        if isinstance(detail, ClientCall):
            if detail.library == "axios" and detail.bounded is False and package in settled:
                detail = replace(detail, bounded=True)
            elif detail.bounded is False and (names & (_BOTH | _PAGES) or (mixed and not names & _SERVERS)):
                served = any(part in f"/{symbol.at.path}" for part in _SERVED)
                detail = detail if served else replace(detail, bounded=None)
        elif names & (_BOTH | _PAGES) and isinstance(detail, HandlerEmpty):
            continue
        kept.append(replace(symbol, detail=detail))
    draft.symbols = kept
