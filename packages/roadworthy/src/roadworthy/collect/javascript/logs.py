"""How JavaScript code writes its logs: the form of a line, and whether it carries the id of its request."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_IDS = re.compile(r"(?i)(?<![a-z])(?:x-)?(?:req|request|correlation|trace)[-_]?id(?![a-z])")
_WORDS = (
    *(
        "pino",
        "winston",
        "bunyan",
        "morgan",
        "log4js",
        "tslog",
        "roarr",
        "consola",
        "signale",
        "astify",
        "ConsoleLogger",
    ),
    *("AsyncLocalStorage", "console.", "cls-", "-cls", "orrelation", "express-request-id", "http-context", "equestId"),
    *("equest-id", "equest_id", "equest-ID", "equest-Id", "raceId", "race-id", "race_id", "reqId"),
)
# Calls that decide the form of a line, whatever their options say.
_JSON = {
    "bunyan.createLogger": "bunyan",
    "roarr": "roarr",
    "@google-cloud/logging-winston.LoggingWinston": "google-cloud-logging",
    "@google-cloud/logging-bunyan.LoggingBunyan": "google-cloud-logging",
    "@aws-lambda-powertools/logger.Logger": "powertools",
    "@elastic/ecs-pino-format": "ecs-logging",
    "@elastic/ecs-winston-format": "ecs-logging",
    "express-bunyan-logger": "bunyan",
}
_TEXT = {"signale.Signale": "signale", "consola.createConsola": "consola", "tracer.console": "tracer"}
_CORRELATING = {
    "pino-http": "pino-http",
    "nestjs-pino": "nestjs-pino",
    "express-pino-logger": "express-pino-logger",
    "koa-pino-logger": "koa-pino-logger",
    "hapi-pino": "hapi-pino",
    "cls-rtracer": "cls-rtracer",
    "express-http-context": "express-http-context",
    "nestjs-cls": "nestjs-cls",
    "cls-hooked": "cls-hooked",
    "@fastify/request-context": "@fastify/request-context",
    "correlation-id": "correlation-id",
    "express-correlation-id": "express-correlation-id",
    "express-bunyan-logger": "express-bunyan-logger",
    "@opentelemetry/instrumentation-pino": "OpenTelemetry",
    "@opentelemetry/instrumentation-winston": "OpenTelemetry",
    "@opentelemetry/instrumentation-bunyan": "OpenTelemetry",
    "@opentelemetry/auto-instrumentations-node": "OpenTelemetry",
}
_LINES = frozenset({"console.log", "console.info", "console.error", "process.stdout.write"})
_PINO_HTTP = frozenset(
    {"pino-http", "pino-http.pinoHttp", "pino-http.default", "nestjs-pino.LoggerModule.forRoot"}
    | {"express-pino-logger", "koa-pino-logger"}
)
_PINO = frozenset({"pino", "pino.pino", "pino.default"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of a logger or of request ids."""
    speaks = any(word in file.text for word in _WORDS)
    return (
        file.role is not FileRole.TEST
        and speaks
        and not is_tool(file.path)
        and not in_browser(file)
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every place that decides how log lines look or gives them the id of their request."""
    module = javascript.module(file)
    for need in module.needed:
        if need.module in _CORRELATING and not need.types:
            yield _setup(file, module.span(need.node), LogSetup("", _CORRELATING[need.module], True))
    for call in module.calls:
        detail = _called(module, call)
        if detail is not None:
            yield _setup(file, module.span(call.node), detail)
    mention = _IDS.search(file.text)
    if mention is not None:
        yield _setup(file, _place(file, mention), LogSetup("", "a mention"))


def _setup(file: SourceFile, at: Span, detail: LogSetup) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact("logs"), at, role=file.role, detail=detail)


def _place(file: SourceFile, found: re.Match[str]) -> Span:
    line = file.text.count("\n", 0, found.start()) + 1
    column = found.start() - file.text.rfind("\n", 0, found.start())
    return Span(file.path, line, column, line, column + found.end() - found.start() - 1)


def _called(module: javascript.Module, call: javascript.Call) -> LogSetup | None:
    name = call.name
    if name in _JSON:
        return LogSetup("json", _JSON[name])
    if name in _TEXT:
        return LogSetup("text", _TEXT[name])
    if name in _PINO:
        return LogSetup(_pino(module, call.arguments[0] if call.arguments else None), "pino", _mixes(module, call))
    if name in _PINO_HTTP:
        given = values.options(module, call.arguments[0]) if call.arguments else {}
        inner = given.get("pinoHttp") if name.startswith("nestjs-pino") else None
        own = values.options(module, inner) if inner is not None else given
        if "logger" in own or "useExisting" in given:
            return None
        return LogSetup(_pino(module, inner if inner is not None else next(iter(call.arguments), None)), "pino", True)
    if name == "winston.createLogger" or name.endswith("WinstonModule.createLogger"):
        return LogSetup(_winston(module, call), "winston", _mixes(module, call))
    if name in ("fastify", "fastify.fastify", "fastify.default"):
        return _fastify(module, call)
    if name == "@nestjs/common.ConsoleLogger":
        json = any(module.text(values.options(module, node).get("json")) == "true" for node in call.arguments)
        return LogSetup("json" if json else "text", "ConsoleLogger")
    if name in ("log4js.configure", "tslog.Logger"):
        text = module.text(call.node)
        return LogSetup("json" if re.search(r"""type["']?\s*:\s*["']json""", text) else "text", name.partition(".")[0])
    if name == "morgan":
        text = module.text(call.node)
        return LogSetup("json" if "JSON.stringify" in text else "text" if "stream" not in text else "", "morgan")
    if name == "async_hooks.AsyncLocalStorage" or name == "node:async_hooks.AsyncLocalStorage":
        around = module.text(module.tree.root)
        return LogSetup("", "AsyncLocalStorage", True) if _IDS.search(around) else None
    if call.method == "child" and call.arguments and _IDS.search(module.text(call.arguments[0])):
        return LogSetup("", "a child logger", True)
    if name in _LINES and call.arguments and _writes_json(module, call.arguments[0]):
        return LogSetup("json", "console", True if _IDS.search(module.text(call.node)) else None)
    return None


def _mixes(module: javascript.Module, call: javascript.Call) -> bool | None:
    """Tell whether the logger itself puts the id of a request on each line."""
    text = module.text(call.node)
    return True if ("mixin" in text or "format" in text) and _IDS.search(text) else None


def _pino(module: javascript.Module, node: Node | None) -> str:
    """Return the form of pino's lines: JSON, unless a printer for people stands there without a condition."""
    found = values.resolved(module, node)
    if found is None:
        return "json"
    given = values.options(module, found)
    transport = given.get("transport")
    target = values.resolved(module, transport) if transport is not None else None
    if target is not None and target.type == "object":
        name = values.string(module, values.options(module, target).get("target"))
        return "text" if name is not None and "pretty" in name else "json"
    pretty = module.text(given.get("prettyPrint"))
    if pretty == "true" or (found.type == "call_expression" and module.dotted(found).endswith("pino-pretty()")):
        return "text"
    return "json"


def _winston(module: javascript.Module, call: javascript.Call) -> str:
    text = " ".join(_texts(module, call.arguments[0])) if call.arguments else ""
    if re.search(r"\bjson\s*\(|JSON\.stringify|logstash\s*\(|ecsFormat|safeStringify", text):
        return "json"
    if re.search(r"\b(?:simple|printf|cli|prettyPrint|nestLike|colorize)\s*\(", text):
        return "text"
    return "json" if "format" not in text else ""


def _texts(module: javascript.Module, node: Node) -> Iterator[str]:
    """Yield the text of an expression and of the constants named in it."""
    found = values.resolved(module, node) or node
    pending, seen = [found], 0
    while pending and seen < 30:
        one = pending.pop()
        seen += 1
        yield module.text(one)
        for inner in module.below(one, "identifier", "shorthand_property_identifier")[:60]:
            binding = module.lookup(inner)
            value = binding.value if binding is not None else None
            around = value is not None and value.start_byte <= one.start_byte and one.end_byte <= value.end_byte
            if value is not None and not around:
                pending.append(value)


def _fastify(module: javascript.Module, call: javascript.Call) -> LogSetup | None:
    given = values.options(module, call.arguments[0]) if call.arguments else {}
    if "logger" not in given and "loggerInstance" not in given:
        return None
    logger = given.get("logger")
    if logger is not None and module.text(logger) == "false":
        return None
    return LogSetup(_pino(module, logger) if logger is not None else "", "fastify", True)


def _writes_json(module: javascript.Module, node: Node) -> bool:
    found = values.resolved(module, node)
    inner = module.call(found)
    if inner is None or inner.name != "JSON.stringify" or not inner.arguments:
        return False
    first = values.resolved(module, inner.arguments[0])
    keys = set(dict(values.entries(module, first))) if first is not None and first.type == "object" else set()
    return bool(keys & {"level", "severity", "lvl"})
