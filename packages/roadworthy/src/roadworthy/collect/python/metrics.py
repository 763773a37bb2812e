"""Metrics that Python code declares: prometheus_client's and the runtime's `Counter`, `Gauge`, `Histogram`, `Summary`."""

import ast
from collections.abc import Iterator
from math import inf, isfinite

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.place import Span
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

# What each library takes where none are given: prometheus_client/metrics.py 0.21, and the runtime's contract.
_DEFAULT_BUCKETS = {
    "prometheus_client": (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
    "roadworthy_runtime": (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
}
_MAXIMUM_DEPTH = 8


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
            own = _buckets(module, node, library) if called == "Histogram" else (None, None)
            yield from _metric(module, node, _TYPES[called], file, variables.get(id(node), ""), own)
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
    buckets: tuple[tuple[float, ...] | None, Span | None] = (None, None),
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
        detail = MetricDefinition(type, own, "code", variable, name.text, buckets=buckets[0], buckets_at=buckets[1])
        yield Symbol(Kind.METRIC, Action.DEFINES, series, at, role=file.role, detail=detail)


def _buckets(module: python.Module, call: ast.Call, library: str) -> tuple[tuple[float, ...] | None, Span | None]:
    """Return the finite bounds of a histogram, None where they cannot be read, and where they are written."""
    given = next((k.value for k in call.keywords if k.arg == "buckets"), call.args[8] if len(call.args) > 8 else None)
    if any(keyword.arg is None for keyword in call.keywords):
        return None, None
    if given is None:
        return (_DEFAULT_BUCKETS.get(library.split(".")[0]), None)
    node = module.constants.get(given.id, given) if isinstance(given, ast.Name) else given
    if isinstance(node, ast.Call) and len(node.args) == 1 and module.dotted(node.func) in ("tuple", "list", "sorted"):
        node = node.args[0]
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None, None
    bounds = [_number(module, item) for item in node.elts]
    if any(bound is None for bound in bounds):
        return None, None
    return tuple(sorted(bound for bound in bounds if bound is not None and isfinite(bound))), module.span(node)


def _number(module: python.Module, node: ast.expr, depth: int = 0) -> float | None:
    if depth > _MAXIMUM_DEPTH:
        return None
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(text))]) if "inf" in text.lower():
            return inf
        case ast.Name(id="INF") | ast.Attribute(attr="inf"):
            return inf
        case ast.Name(id=id) if id in module.constants:
            return _number(module, module.constants[id], depth + 1)
        case ast.BinOp(left=left, op=ast.Div() | ast.Mult() as operator, right=right):
            one, other = _number(module, left, depth + 1), _number(module, right, depth + 1)
            if one is None or other is None or (isinstance(operator, ast.Div) and not other):
                return None
            return one / other if isinstance(operator, ast.Div) else one * other
    return None


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
