"""Which origins JavaScript servers let call with a browser: cors, @fastify/cors, Nest, Koa, Hono, and headers set by hand."""

from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.code import OriginsAllowed
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, named

PROVIDES = frozenset({Kind.CONSTRUCT})

# What each allows where no origin is named: any by `*`, or the one that asks.
_MIDDLEWARE = frozenset({"cors", "@koa/cors", "koa-cors", "kcors", "hono/cors.cors", "koa2-cors"})
_PLUGINS = frozenset({"@fastify/cors", "fastify-cors"})
_ORIGIN, _CREDENTIALS = "access-control-allow-origin", "access-control-allow-credentials"
_SETTING = frozenset({"setHeader", "header", "set", "append"})
_ANY = frozenset({"/.*/", "/^.*$/", "/./", "/(.*?)/", "/(.*)/", "/^https?:\\/\\/.*/", "/.+/"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of origins."""
    text = file.text
    return (
        file.role is FileRole.PROD
        and ("cors" in text or "Cors" in text or "llow-" in text)
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every set-up of CORS."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    headers: list[tuple[Call, bool | None]] = []
    credentials = False
    for call in module.calls:
        given = call.arguments
        if call.name in _MIDDLEWARE:
            yield _symbol(module, file, call, *_options(module, given[0] if given else None))
        elif call.method == "register" and given and module.dotted(given[0]) in _PLUGINS:
            yield _symbol(module, file, call, *_options(module, given[1] if len(given) > 1 else None))
        elif call.method == "enableCors":
            yield _symbol(module, file, call, *_options(module, given[0] if given else None))
        elif call.name == "@nestjs/core.NestFactory.create":
            options = values.options(module, given[-1]) if given else {}
            if "cors" in options and module.text(options["cors"]) != "false":
                plain = options["cors"].type == "true"
                yield _symbol(module, file, call, *_options(module, None if plain else options["cors"]))
        elif call.method in _SETTING and len(given) == 2:
            name = (values.string(module, given[0]) or "").lower()
            if name == _ORIGIN:
                headers.append((call, _header(module, given[1])))
            credentials = credentials or (name == _CREDENTIALS and module.text(given[1]).strip("\"'`") == "true")
    for call, everyone in headers:
        yield _symbol(module, file, call, everyone, credentials)


def _symbol(module: Module, file: SourceFile, call: Call, everyone: bool | None, credentials: bool | None) -> Symbol:
    detail = OriginsAllowed(everyone, credentials)
    name = call.method or call.name
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(call.node), role=file.role, detail=detail)


def _options(module: Module, node: Node | None) -> tuple[bool | None, bool | None]:
    """Return whether every origin may call, and whether with credentials."""
    if node is None:
        return True, False
    found = values.resolved(module, node)
    if found is None or found.type != "object":
        return None, None
    members = dict(values.entries(module, found))
    hidden = values.is_open(module, found)
    everyone = _everyone(module, members["origin"]) if "origin" in members else None if hidden else True
    given = values.resolved(module, members.get("credentials"))
    credentials = None if hidden else False
    if given is not None:
        credentials = {"true": True, "false": False}.get(given.type)
    return everyone, credentials


def _everyone(module: Module, node: Node) -> bool | None:
    found = values.resolved(module, node)
    if found is None:
        return None
    if found.type in FUNCTIONS:
        body = found.child_by_field_name("body")
        if body is None:
            return None
        if module.below(body, "if_statement", "ternary_expression", "binary_expression"):
            return False
        # `callback(null, true)`, or the origin given back as it came.
        return True if body.type == "identifier" or module.below(body, "true") else None
    match found.type:
        case "true":
            return True
        case "false":
            return False
        case "string" | "template_string":
            text = values.string(module, found)
            return None if text is None else text == "*"
        case "regex":
            return module.text(found) in _ANY
        case "array":
            parts = [_everyone(module, item) for item in named(found)]
            return True if True in parts else None if None in parts else False
    return None


def _header(module: Module, node: Node) -> bool | None:
    text = values.string(module, node)
    if text is not None:
        return text == "*"
    written = module.text(node)
    return (
        True if "origin" in written.lower() and ("req" in written or "ctx" in written or "headers" in written) else None
    )
