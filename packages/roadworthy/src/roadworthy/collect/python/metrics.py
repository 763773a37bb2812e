"""Metrics that Python code declares: prometheus_client's and the runtime's `Counter`, `Gauge`, `Histogram`, `Summary`."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol, Unreadable
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.METRIC})

_LIBRARIES = ("prometheus_client", "roadworthy_runtime", "aioprometheus", "quart_prometheus")
_TYPES = {
    "Counter": "counter",
    "Gauge": "gauge",
    "Histogram": "histogram",
    "Summary": "summary",
    "Info": "info",
    "Enum": "gauge",
}
_FAMILIES = {
    "CounterMetricFamily": "counter",
    "GaugeMetricFamily": "gauge",
    "HistogramMetricFamily": "histogram",
    "SummaryMetricFamily": "summary",
    "InfoMetricFamily": "info",
    "StateSetMetricFamily": "gauge",
    "UntypedMetricFamily": "",
    "UnknownMetricFamily": "",
}
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a metrics library."""
    return any(library in file.text for library in _LIBRARIES)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every metric the module defines, with the series its type adds, and an opening where a name is computed."""
    module = python.module(file)
    variables = _variables(module)
    for node, dotted in module.calls:
        library, _, called = dotted.rpartition(".")
        if library.split(".")[0] not in _LIBRARIES:
            continue
        if called in _TYPES:
            yield from _metric(module, node, _TYPES[called], file, variables.get(id(node), ""))
        elif called in _FAMILIES:
            yield from _metric(module, node, _FAMILIES[called], file, "")


def _variables(module: python.Module) -> dict[int, str]:
    """Map each value that is assigned to the last part of the name it is assigned to."""
    found: dict[int, str] = {}
    for node in module.nodes:
        match node:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                if isinstance(target, ast.Name):
                    found[id(value)] = target.id
                elif isinstance(target, ast.Attribute):
                    found[id(value)] = target.attr
    return found


def _metric(
    module: python.Module,
    call: ast.Call,
    type: str,  # noqa: A002
    file: SourceFile,
    variable: str,
) -> Iterator[Statement]:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    given = keywords.get("name", call.args[0] if call.args else None)
    if given is None:
        return
    name = _prefixed(module, module.name(given), keywords)
    at = module.span(given)
    if isinstance(name, Unreadable):
        yield Open(Kind.METRIC, "", f"a metric's name is {name.why}", at)
        return
    named = keywords.get("labelnames", keywords.get("labels", call.args[2] if len(call.args) > 2 else None))
    labels = None if None in keywords else _labels(module, named)
    for text in _series(name.text, type):
        series: Name = Exact(text) if isinstance(name, Exact) else Pattern(text)
        extra = {"histogram": ("le",), "summary": ("quantile",)}.get(type, ()) if text.endswith("_bucket") else ()
        own = None if labels is None else (*labels, *extra)
        detail = MetricDefinition(type, own, "code", variable, name.text)
        yield Symbol(Kind.METRIC, Action.DEFINES, series, at, role=file.role, detail=detail)


def _prefixed(module: python.Module, name: Name, keywords: dict[str | None, ast.expr]) -> Name:
    for keyword in ("subsystem", "namespace"):
        if keyword in keywords:
            prefix = module.name(keywords[keyword])
            if isinstance(prefix, Unreadable):
                prefix = Pattern("*")
            if isinstance(name, Unreadable) or not prefix.text:
                continue
            exact = isinstance(prefix, Exact) and isinstance(name, Exact)
            name = (Exact if exact else Pattern)(f"{prefix.text}_{name.text}")
    return name


def _series(name: str, type: str) -> tuple[str, ...]:  # noqa: A002
    match type:
        case "counter":
            stem = name.removesuffix("_total")
            return (f"{stem}_total", f"{stem}_created")
        case "info":
            return (f"{name.removesuffix('_info')}_info",)
        case "histogram" | "summary":
            own = (name,) if type == "summary" else ()
            return (*own, *(name + suffix for suffix in _SUFFIXES[type]), f"{name}_created")
    return (name,)


def _labels(module: python.Module, node: ast.expr | None) -> tuple[str, ...] | None:
    if node is None:
        return ()
    if isinstance(node, ast.Name):
        node = module.constants.get(node.id, node)
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    names = [module.name(item) for item in node.elts]
    return (
        tuple(name.text for name in names if isinstance(name, Exact))
        if all(isinstance(n, Exact) for n in names)
        else None
    )
