"""Libraries that bring metrics of their own to JavaScript code: what is imported and called of them."""

from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values

PROVIDES = frozenset({Kind.METRIC, Kind.PATH})

_ROOTS = (
    *("prom-client", "express-prom-bundle", "fastify-metrics", "@willsoto/nestjs-prometheus", "prometheus-api-metrics"),
    *("@opentelemetry/", "hot-shots", "node-statsd", "statsd-client", "swagger-stats", "appmetrics-prometheus"),
    *("koa-prometheus", "@promster/", "prometheus-gc-stats", "@bull-board", "dd-trace", "lightship", "nestjs-otel"),
)
_OPTIONS = frozenset(
    {"prefix", "metricsPath", "path", "endpoint", "autoregister", "defaultMetrics", "httpDurationMetricName"}
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names one of the libraries."""
    return any(root in file.text for root in _ROOTS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each library imported, each call of one, and each that is handed over as a plug-in."""
    module = javascript.module(file)
    for need in module.needed:
        if need.module.startswith(_ROOTS) and not need.types:
            yield _use(file, module, need.module, need.node, FrameworkUse())
    for call in module.calls:
        if call.name.startswith(_ROOTS):
            given = call.arguments[-1] if call.arguments else None
            yield _use(file, module, call.name, call.node, FrameworkUse(True, tuple(_options(module, given))))
        elif call.method in ("register", "use") and call.arguments:
            name = module.dotted(call.arguments[0])
            if name.startswith(_ROOTS):
                given = call.arguments[1] if len(call.arguments) > 1 else None
                yield _use(file, module, name, call.node, FrameworkUse(True, tuple(_options(module, given))))


def _use(file: SourceFile, module: javascript.Module, name: str, node: Node, detail: FrameworkUse) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)


def _options(module: javascript.Module, node: Node | None) -> Iterator[tuple[str, str]]:
    for name, value in values.options(module, node).items():
        if name in _OPTIONS:
            text = values.string(module, value)
            plain = text if text is not None else module.text(value)
            yield name, plain if text is not None or plain in ("true", "false", "null") else "(computed)"
