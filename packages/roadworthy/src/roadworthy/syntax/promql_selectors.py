"""The selectors of a PromQL expression, and the labels that what stands around them needs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from roadworthy.model.detail.metric import Matcher

_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
KEEPING = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
OF_BUCKETS = frozenset({"histogram_quantile", "histogram_fraction"})
WITHOUT_LABELS = frozenset({"time", "vector", "scalar", "pi"})


@dataclass(frozen=True, slots=True)
class Need:
    """A label that the expression around a selector needs: `by` is "by", "on" or "label_replace"."""

    label: str
    by: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A vector selector. `name` is None where the metric is chosen by matchers alone; `within` are the functions
    and aggregations around it, outermost first; `needs` the labels they need.

    `range_seconds` is how far it looks back, None for an instant; `bounds_kept` tells that no aggregation between it
    and the quantile taken of it (or the result) drops the bounds of a histogram's buckets.
    """

    name: str | None
    matchers: tuple[Matcher, ...]
    within: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    range_seconds: float | None = None
    bounds_kept: bool = True


def selectors_of(
    node: Any, within: tuple[str, ...] = (), needs: tuple[Need, ...] = (), bounds: bool = True
) -> Iterator[Selector]:
    """Yield the selectors of a parsed expression, left to right; `within`, `needs` and `bounds` are what stands around."""
    match type(node).__name__:
        case "VectorSelector":
            yield _selector(node, within, needs, bounds)
        case "MatrixSelector":
            for selector in selectors_of(node.vector_selector, within, needs, bounds):
                yield replace(selector, range_seconds=node.range.total_seconds())
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            yield from selectors_of(node.expr, within, needs, bounds)
        case "Call":
            name = node.func.name
            yield from _walk_call(node, name, (*within, name), needs, bounds)
        case "AggregateExpr":
            operator = str(node.op).lower()
            if node.param is not None:
                yield from selectors_of(node.param, within, ())
            kept = bounds and _keeps_bounds(node, operator)
            yield from selectors_of(node.expr, (*within, operator), _needs_below(node, operator, needs), kept)
        case "BinaryExpr":
            left, right = _needs_of_sides(node, needs)
            yield from selectors_of(node.lhs, within, left, bounds)
            yield from selectors_of(node.rhs, within, right, bounds)


def _keeps_bounds(node: Any, operator: str) -> bool:
    how, labels = grouping(node.modifier)
    return operator in KEEPING or ("le" in labels if how == "by" else how == "without" and "le" not in labels)


def _selector(node: Any, within: tuple[str, ...], needs: tuple[Need, ...], bounds: bool) -> Selector:
    matchers = tuple(Matcher(m.name, _OPERATORS[str(m.op).rpartition(".")[2]], m.value) for m in node.matchers.matchers)
    name = node.name
    named = next((m for m in matchers if m.label == "__name__" and m.operator == "="), None)
    if name is None and named:
        name = named.value
    kept = tuple(m for m in matchers if m.label != "__name__" or name is None)
    return Selector(name, kept, within, tuple(dict.fromkeys(needs)), bounds_kept=bounds)


def _walk_call(
    node: Any, name: str, within: tuple[str, ...], needs: tuple[Need, ...], bounds: bool
) -> Iterator[Selector]:
    if name in ("label_replace", "label_join"):
        texts = [argument.val for argument in node.args if type(argument).__name__ == "StringLiteral"]
        target = texts[0] if texts else ""
        sources = texts[2:3] if name == "label_replace" else texts[2:]
        needs = tuple(need for need in needs if need.label != target)
        needs += tuple(Need(source, "label_replace") for source in sources if source and source != target)
    elif name in WITHOUT_LABELS:
        needs = ()
    for argument in node.args:
        yield from selectors_of(argument, within, needs, bounds or name in OF_BUCKETS)


def grouping(modifier: Any) -> tuple[str, frozenset[str]]:
    """Return "by", "without" or "", and the labels."""
    if modifier is None:
        return "", frozenset()
    return str(modifier.type).rpartition(".")[2].lower(), frozenset(modifier.labels)


def _needs_below(node: Any, operator: str, needs: tuple[Need, ...]) -> tuple[Need, ...]:
    how, labels = grouping(node.modifier)
    if operator == "count_values":
        needs = tuple(need for need in needs if need.label != getattr(node.param, "val", ""))
    if how == "by":
        own = tuple(Need(label, "by") for label in node.modifier.labels)
        return (*needs, *own) if operator in KEEPING else own
    if how == "without":
        return tuple(need for need in needs if need.label not in labels)
    return needs if operator in KEEPING else ()


def _needs_of_sides(node: Any, needs: tuple[Need, ...]) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    modifier = node.modifier
    if modifier is None or modifier.matching is None:
        return needs, needs
    how = str(modifier.matching.type).rpartition(".")[2]
    own = tuple(Need(label, "on") for label in modifier.matching.labels) if how == "Include" else ()
    included = frozenset(modifier.group_labels or ())
    many = str(modifier.card).rpartition(".")[2]
    extra = tuple(Need(label, "on") for label in sorted(included))
    rest = tuple(need for need in needs if need.label not in included)
    if many == "ManyToOne":
        return (*rest, *own), (*own, *extra)
    if many == "OneToMany":
        return (*own, *extra), (*rest, *own)
    return (*needs, *own), own
