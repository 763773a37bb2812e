"""Calls of JavaScript code that leave the process, and whether each is bounded in time.

Facts: axios, superagent and got wait for ever unless told; `fetch` gives up after five minutes without an answer; ky has a
default of ten seconds; drivers of databases and caches wait for ever to connect unless told.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.code import ClientCall
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_FETCHING = {"fetch": "fetch", "globalThis.fetch": "fetch", "node-fetch": "node-fetch", "cross-fetch": "cross-fetch"}
_FETCHING |= {"undici.fetch": "undici", "undici.request": "undici", "node-fetch.default": "node-fetch"}
_FETCHING |= {"isomorphic-fetch": "isomorphic-fetch", "cross-fetch.fetch": "cross-fetch"}
# Where the options of a call stand: behind the body of those that have one.
_AXIOS = {f"axios.{verb}": 1 for verb in ("get", "delete", "head", "options")}
_AXIOS |= {f"axios.{verb}": 2 for verb in ("post", "put", "patch", "postForm", "putForm")}
_AXIOS |= {"axios": 0, "axios.request": 0, "axios.create": 0}
_GOT = {"got": 1, "got.extend": 0} | {f"got.{verb}": 1 for verb in _VERBS}
_BOUNDED_BY_DEFAULT = {"ky"} | {f"ky.{verb}" for verb in (*_VERBS, "create", "extend")}
_SUPERAGENT = {f"superagent.{verb}" for verb in (*_VERBS, "del")}
_DRIVERS = {
    "pg.Pool": "connectionTimeoutMillis",
    "pg.Client": "connectionTimeoutMillis",
    "pg-promise": "connectionTimeoutMillis",
    "ioredis": "commandTimeout",
    "ioredis.Redis": "commandTimeout",
    "ioredis.default": "commandTimeout",
    "redis.createClient": "connectTimeout",
    "mysql2.createPool": "connectTimeout",
    "mysql2/promise.createPool": "connectTimeout",
    "mongoose.connect": "serverSelectionTimeoutMS",
    "mongodb.MongoClient": "serverSelectionTimeoutMS",
    "amqplib.connect": "timeout",
    "nodemailer.createTransport": "connectionTimeout",
}
# What waits for ever where no option, and no part of an address, says otherwise.
_ENDLESS = {"pg": "connectionTimeoutMillis", "pg-promise": "connectionTimeoutMillis", "ioredis": "commandTimeout"}
_ALSO = {"ioredis": ("socketTimeout",), "pg": ("query_timeout", "statement_timeout")}
_CLOUD = re.compile(r"@aws-sdk/client-[\w-]+\.\w+Client")
_LIBRARIES = (
    "@aws-sdk/client-",
    *("fetch", "axios", "got", "ky", "superagent", "undici", "pg", "ioredis", "redis", "mysql2", "mongo"),
    *("amqplib", "nodemailer"),
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a client library, and is not for a browser."""
    if file.role is FileRole.TEST:
        return False
    if is_tool(file.path) or not any(library in file.text for library in _LIBRARIES):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every call of a known client, with what can be seen of its bound."""
    module = javascript.module(file)
    settled = "defaults.timeout" in file.text
    if settled:
        for node in module.of("assignment_expression"):
            left = node.child_by_field_name("left")
            if module.dotted(left) == "axios.defaults.timeout":
                detail = ClientCall("axios", True)
                yield _symbol(file, module, node, "axios.defaults.timeout", detail)
    for call in module.calls:
        found = _client(module, call, file)
        if found is not None:
            yield _symbol(file, module, call.node, call.name, found)


def _symbol(file: SourceFile, module: javascript.Module, node: Node, name: str, detail: ClientCall) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(node), role=file.role, detail=detail)


def _client(module: javascript.Module, call: javascript.Call, file: SourceFile) -> ClientCall | None:
    name = call.name
    if name in _FETCHING and not (name == "fetch" and module.bindings("fetch")):
        known = ("signal", "timeout") if name != "undici.request" else ("signal", "headersTimeout", "bodyTimeout")
        return ClientCall(_FETCHING[name], _options(module, call, 1, known))
    if name in _AXIOS:
        position = _AXIOS[name]
        if name == "axios" and call.arguments and _is_text(module, call.arguments[0]):
            position = 1
        bounded = _options(module, call, position, ("timeout", "signal", "cancelToken"))
        if (
            bounded is False
            and name == "axios.create"
            and re.search(r"\btimeout\s*:|\bsignal\b", file.text.replace(module.text(call.node), ""))
        ):
            bounded = None
        return ClientCall("axios", bounded)
    if name in _GOT:
        position = 0 if name == "got" and call.arguments and call.arguments[0].type == "object" else _GOT[name]
        return ClientCall("got", _options(module, call, position, ("timeout", "signal")))
    if name in _BOUNDED_BY_DEFAULT:
        position = 0 if name in ("ky.create", "ky.extend") else 1
        given = values.options(module, call.arguments[position]) if len(call.arguments) > position else {}
        return ClientCall("ky", module.text(given.get("timeout")) != "false")
    if name in _SUPERAGENT:
        return ClientCall("superagent", ".timeout(" in file.text)
    if name in _DRIVERS:
        library = name.partition(".")[0]
        text = module.text(call.node)
        options = (_DRIVERS[name], *_ALSO.get(library, ()))
        bounded = True if any(option in text for option in options) else _named(module, call)
        return ClientCall(library, bounded, _ENDLESS.get(library, "") if bounded is None else "")
    if _CLOUD.fullmatch(name) and call.node.type == "new_expression":
        # Signing an address asks nobody.
        if "getSignedUrl" in file.text and ".send(" not in file.text:
            return None
        bounded = _options(module, call, 0, ("requestHandler",)) if call.arguments else False
        return ClientCall("aws-sdk", None if bounded is False else bounded, "" if bounded else "requestTimeout")
    return None


def _is_text(module: javascript.Module, node: Node) -> bool:
    found = values.resolved(module, node)
    return found is not None and found.type in ("string", "template_string", "binary_expression")


def _options(module: javascript.Module, call: javascript.Call, position: int, known: tuple[str, ...]) -> bool | None:
    """Tell whether one of the options is given that bound a call; None where the options cannot be seen."""
    if any(node.type == "spread_element" for node in call.arguments):
        return None
    if len(call.arguments) <= position:
        return False if call.arguments or call.name.endswith("create") else None
    found = values.resolved(module, call.arguments[position])
    if found is None or found.type != "object":
        return None
    given = dict(values.entries(module, found))
    for option in known:
        if option in given:
            return module.text(given[option]) not in ("0", "undefined", "null", "false")
    return None if values.is_open(module, found) else False


def _named(module: javascript.Module, call: javascript.Call) -> bool | None:
    """Tell whether an option of the driver stands in a constant that the call uses; an address may hold it otherwise."""
    option = _DRIVERS[call.name]
    for node in call.arguments:
        if option in values.options(module, node) or option in module.text(values.resolved(module, node)):
            return True
    return None
