"""Load tests of k6: whether they judge what they measure, by which metrics, and what they ask of the service."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import LoadMetric, LoadRequest, LoadScript
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Pattern, Symbol, Unreadable
from roadworthy.syntax import javascript, load_metrics
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.duration import seconds
from roadworthy.syntax.javascript_tree import literal

PROVIDES = frozenset({Kind.TEST})

_VERBS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "del": "DELETE", "head": "HEAD"}
_OWN = frozenset({"k6/metrics.Trend", "k6/metrics.Rate", "k6/metrics.Counter", "k6/metrics.Gauge"})
_SELECTED = re.compile(r"\{.*\}$")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a script that imports k6."""
    return re.search(r"from\s+[\"']k6(?:/|[\"'])", file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the script, the metrics its thresholds name, and its requests."""
    module = javascript.module(file)
    options = _options(module)
    thresholds = options.get("thresholds") if options is not None else None
    aborts = any(call.name.endswith((".abort", "k6/execution.test.abort", "k6.fail")) for call in module.calls)
    judges: bool | None = thresholds is not None or aborts
    if options is None and "options" in file.text:
        judges = judges or None
    script = LoadScript("k6", judges, _rate(module, options))
    yield Symbol(
        Kind.TEST, Action.DEFINES, Exact(file.path), Span(file.path), phase="test", role=file.role, detail=script
    )
    if thresholds is not None:
        yield from _metrics(file, module, thresholds)
    for call in module.calls:
        verb = _VERBS.get(call.method) if call.name.startswith("k6/http.") else None
        if verb and call.arguments:
            name = values.name(module, call.arguments[0])
            if isinstance(name, Exact | Pattern):
                where = module.span(call.arguments[0])
                yield Symbol(
                    Kind.TEST,
                    Action.REFERS,
                    name,
                    where,
                    phase="test",
                    role=file.role,
                    detail=LoadRequest("k6", verb, _path(name)),
                )


def _options(module: javascript.Module) -> dict[str, Node] | None:
    for binding in module.bindings("options"):
        if binding.value is not None:
            found = values.options(module, binding.value)
            return found or None
    return None


def _rate(module: javascript.Module, options: dict[str, Node] | None) -> float | None:
    """Return the highest rate that the scenarios with a constant arrival rate ask for, a second."""
    if options is None or "scenarios" not in options:
        return None
    rates: list[float] = []
    for scenario in values.options(module, options["scenarios"]).values():
        given = values.options(module, scenario)
        if literal(module.tree, given["executor"]) == "constant-arrival-rate" if "executor" in given else False:
            rate = module.text(given["rate"]) if "rate" in given else ""
            unit = literal(module.tree, given["timeUnit"]) if "timeUnit" in given else "1s"
            length = seconds(unit or "")
            if rate.isdigit() and length:
                rates.append(int(rate) / length)
    return sum(rates) if rates else None


def _metrics(file: SourceFile, module: javascript.Module, thresholds: Node) -> Iterator[Symbol]:
    own: set[str] = set()
    given = values.resolved(module, thresholds)
    whole = given is not None and not values.is_open(module, given)
    for call in module.calls:
        if call.name in _OWN and call.arguments:
            name = values.string(module, call.arguments[0])
            own |= {name} if name else set()
            whole = whole and name is not None
    known = tuple(sorted(own | load_metrics.K6))
    for key, node in values.options(module, thresholds).items():
        metric = _SELECTED.sub("", key)
        detail = LoadMetric("k6", known, whole and "./" not in "".join(n.module for n in module.needed))
        yield Symbol(
            Kind.TEST, Action.REFERS, Exact(metric), module.span(node), phase="test", role=file.role, detail=detail
        )


def _path(name: Exact | Pattern | Unreadable) -> str:
    """Return the path of an address, `*` for what is computed; "" where there is none."""
    text = name.text if not isinstance(name, Unreadable) else ""
    text = re.sub(r"^(?:https?://[^/]+|\*+)(?=/)", "", text)
    return text.partition("?")[0] if text.startswith("/") else ""
