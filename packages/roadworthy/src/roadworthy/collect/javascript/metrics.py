"""Metrics that JavaScript code declares: prom-client's, those of its wrappers for Express and Nest, OpenTelemetry's."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol, Unreadable
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_tree import named

PROVIDES = frozenset({Kind.METRIC})

_WORDS = (
    *("prom-client", "nestjs-prometheus", "express-prom-bundle", "createCounter", "createHistogram", "createUpDown"),
    *("createGauge", "createObservable"),
)
_TYPES = {"Counter": "counter", "Gauge": "gauge", "Histogram": "histogram", "Summary": "summary"}
_PROVIDERS = {f"@willsoto/nestjs-prometheus.make{name}Provider": type_ for name, type_ in _TYPES.items()}
_DECLARING = {f"prom-client.{name}": type_ for name, type_ in _TYPES.items()} | _PROVIDERS
_INSTRUMENTS = frozenset(
    {"createCounter", "createHistogram", "createUpDownCounter", "createGauge", "createObservableGauge"}
    | {"createObservableCounter", "createObservableUpDownCounter"}
)
# prom-client/lib/histogram.js, 15.1; express-prom-bundle/src/index.js, 8.0
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BUNDLE_BUCKETS = (0.003, 0.03, 0.1, 0.3, 1.5, 10.0)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a metrics library."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every metric the module defines, with the series its type adds, and an opening where a name is computed."""
    module = javascript.module(file)
    for call in module.calls:
        if call.name in _DECLARING:
            yield from _metric(module, call, _DECLARING[call.name], file, provided=call.name in _PROVIDERS)
        elif call.name == "express-prom-bundle":
            yield from _bundle(module, call, file)
        elif call.method in _INSTRUMENTS and "@opentelemetry/" in file.text:
            yield from _instrument(module, call, file)


def variable_of(module: javascript.Module, node: Node) -> str:
    """Return the last part of the name a value is given: of a constant, a property or a member of an object."""
    above = node.parent
    while above is not None and above.type in ("await_expression", "as_expression", "parenthesized_expression"):
        node, above = above, above.parent
    if above is None:
        return ""
    match above.type:
        case "variable_declarator" | "public_field_definition" | "field_definition" | "pair":
            target = above.child_by_field_name("name") or above.child_by_field_name("property")
            return module.text(target or above.child_by_field_name("key")).strip("\"'#")
        case "assignment_expression":
            return module.text(above.child_by_field_name("left")).rpartition(".")[2].strip("#")
    return ""


def _metric(
    module: javascript.Module,
    call: javascript.Call,
    type: str,  # noqa: A002
    file: SourceFile,
    *,
    provided: bool,
) -> Iterator[Statement]:
    if not call.arguments:
        return
    first = values.resolved(module, call.arguments[0])
    if first is not None and first.type == "object":
        given = values.options(module, first)
        name_node, labels_node = given.get("name"), given.get("labelNames")
        opened = values.is_open(module, first)
    else:
        given, opened = {}, False
        name_node = call.arguments[0]
        third = call.arguments[2] if len(call.arguments) > 2 else None
        labels_node = third if third is not None and third.type != "object" else None
    if name_node is None:
        yield Open(Kind.METRIC, "", "a metric's name is given elsewhere", module.span(call.node))
        return
    name = values.name(module, name_node)
    at = module.span(name_node)
    if isinstance(name, Unreadable):
        yield Open(Kind.METRIC, "", f"a metric's name is {name.why}", at)
        return
    labels = None if opened and labels_node is None else _labels(module, labels_node)
    variable = name.text if provided else variable_of(module, call.node)
    bounds = _buckets(module, given.get("buckets"), opened=opened) if type == "histogram" else (None, None)
    yield from _definitions(file, at, name, type, labels, variable, bounds)


def _definitions(
    file: SourceFile,
    at: Span,
    name: Exact | Pattern,
    type: str,  # noqa: A002
    labels: tuple[str, ...] | None,
    variable: str,
    bounds: tuple[tuple[float, ...] | None, Span | None],
) -> Iterator[Symbol]:
    for ending, extra in _series(type):
        text = name.text + ending
        series: Name = Exact(text) if isinstance(name, Exact) else Pattern(text)
        own = None if labels is None else (*labels, *extra)
        detail = MetricDefinition(type, own, "code", variable, name.text, buckets=bounds[0], buckets_at=bounds[1])
        yield Symbol(Kind.METRIC, Action.DEFINES, series, at, role=file.role, detail=detail)


def _series(type: str) -> tuple[tuple[str, tuple[str, ...]], ...]:  # noqa: A002
    """Return the endings of the series of a type, each with the label it adds; prom-client leaves names as they are."""
    if type == "histogram":
        return (("_bucket", ("le",)), ("_sum", ()), ("_count", ()))
    if type == "summary":
        return (("", ("quantile",)), ("_sum", ()), ("_count", ()))
    return (("", ()),)


def _labels(module: javascript.Module, node: Node | None) -> tuple[str, ...] | None:
    if node is None:
        return ()
    found = values.resolved(module, node)
    if found is None or found.type != "array":
        return None
    texts = [values.string(module, item) for item in named(found)]
    return None if None in texts else tuple(text for text in texts if text is not None)


def _buckets(
    module: javascript.Module, node: Node | None, *, opened: bool
) -> tuple[tuple[float, ...] | None, Span | None]:
    if node is None:
        return (None if opened else _BUCKETS), None
    found = values.resolved(module, node)
    if found is None or found.type != "array":
        return None, None
    bounds = [_number(module, item) for item in named(found)]
    if None in bounds:
        return None, None
    return tuple(sorted(bound for bound in bounds if bound is not None)), module.span(found)


def _number(module: javascript.Module, node: Node) -> float | None:
    text = module.text(values.resolved(module, node)).replace("_", "")
    return float(text) if re.fullmatch(r"\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+", text) else None


def _bundle(module: javascript.Module, call: javascript.Call, file: SourceFile) -> Iterator[Statement]:
    """Yield what express-prom-bundle measures, as its options say."""
    first = call.arguments[0] if call.arguments else None
    given = values.options(module, first)
    at = module.span(call.node)
    resolved = values.resolved(module, first)
    opened = first is not None and (resolved is None or resolved.type != "object" or values.is_open(module, resolved))
    name = values.name(module, given["httpDurationMetricName"]) if "httpDurationMetricName" in given else None
    if isinstance(name, Unreadable):
        yield Open(Kind.METRIC, "", f"a metric's name is {name.why}", at)
        return
    labels = ["status_code"]
    for option, label in (("includeMethod", "method"), ("includePath", "path"), ("includeStatusCode", "status_code")):
        text = module.text(given.get(option))
        if text == "true" and label not in labels:
            labels.append(label)
        elif text == "false" and label in labels:
            labels.remove(label)
        elif text not in ("true", "false", ""):
            opened = True
    if "customLabels" in given:
        labels += list(values.options(module, given["customLabels"]))
    kind = values.string(module, given.get("metricType")) or "histogram"
    bounds: tuple[tuple[float, ...] | None, Span | None] = (_BUNDLE_BUCKETS, None)
    if "buckets" in given:
        bounds = _buckets(module, given["buckets"], opened=opened)
    own = None if "transformLabels" in given or opened else tuple(labels)
    full = name or Exact("http_request_duration_seconds")
    yield from _definitions(file, at, full, kind, own, "", bounds if kind == "histogram" else (None, None))
    if module.text(given.get("includeUp")) != "false":
        yield from _definitions(file, at, Exact("up"), "gauge", (), "", (None, None))


def _instrument(module: javascript.Module, call: javascript.Call, file: SourceFile) -> Iterator[Statement]:
    """Yield an instrument of OpenTelemetry; the exporter adds its unit and `_total` to the name."""
    if not call.arguments:
        return
    name = values.name(module, call.arguments[0])
    at = module.span(call.arguments[0])
    if isinstance(name, Unreadable):
        yield Open(Kind.METRIC, "", f"a metric's name is {name.why}", at)
        return
    text = re.sub(r"[^\w:*]", "_", name.text)
    detail = MetricDefinition("", None, "code", "", text)
    yield Symbol(Kind.METRIC, Action.DEFINES, Pattern(f"{text}*"), at, role=file.role, detail=detail)
