"""What a PromQL expression measures, as far as its form tells, and the numbers it compares that with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from roadworthy.model.detail.expression import Measure
from roadworthy.model.detail.metric import Matcher
from roadworthy.syntax.promql_selectors import OF_BUCKETS, Selector, selectors_of

_FORMS = {
    "rate": "rate",
    "irate": "rate",
    "increase": "increase",
    "delta": "delta",
    "idelta": "delta",
    "deriv": "delta",
}
# What these give lies between the least and the greatest of what they are given.
_WITHIN = frozenset({"max", "min", "avg", "topk", "bottomk", "quantile", "limitk", "group_left"})
_OVER_TIME = frozenset({"max_over_time", "min_over_time", "avg_over_time", "last_over_time", "quantile_over_time"})
_SAME = frozenset({"clamp_min", "clamp_max", "clamp", "sort", "sort_desc", "label_replace", "label_join"})
_FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
_SUMS = frozenset({"rate", "increase", "series"})


@dataclass(frozen=True, slots=True)
class Limit:
    """What is compared, and with which number; `operator` is read with the number on the right."""

    measure: Measure
    operator: str
    number: float


def limits_of(node: Any) -> Iterator[Limit]:
    """Yield every comparison of a measure with a number, left to right."""
    name = type(node).__name__
    if name == "BinaryExpr":
        operator = str(node.op).lower()
        if operator in _FLIPPED:
            left, right = constant(node.lhs), constant(node.rhs)
            if right is not None and left is None and (measure := measure_of(node.lhs)) is not None:
                yield Limit(measure, operator, right)
            elif left is not None and right is None and (measure := measure_of(node.rhs)) is not None:
                yield Limit(measure, _FLIPPED[operator], left)
        yield from limits_of(node.lhs)
        yield from limits_of(node.rhs)
    elif name == "Call":
        for argument in node.args:
            yield from limits_of(argument)
    elif name in ("ParenExpr", "UnaryExpr", "SubqueryExpr", "AggregateExpr"):
        yield from limits_of(node.expr)


def constant(node: Any) -> float | None:
    """Return the number an expression of numbers alone comes to, None for any other."""
    match type(node).__name__:
        case "NumberLiteral":
            return float(node.val)
        case "ParenExpr":
            return constant(node.expr)
        case "UnaryExpr":
            inner = constant(node.expr)
            return None if inner is None else -inner
        case "BinaryExpr":
            left, right = constant(node.lhs), constant(node.rhs)
            return None if left is None or right is None else _calculated(left, str(node.op), right)
    return None


def _calculated(left: float, operator: str, right: float) -> float | None:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if right:
            return left / right
    return None


def measure_of(node: Any) -> Measure | None:
    """Return what an expression measures, None where its form does not tell."""
    match type(node).__name__:
        case "ParenExpr" | "SubqueryExpr":
            return measure_of(node.expr)
        case "UnaryExpr":
            return _scaled(measure_of(node.expr), -1.0)
        case "VectorSelector":
            selector = next(selectors_of(node))
            return Measure("series", selector.name) if selector.name else None
        case "MatrixSelector":
            return measure_of(node.vector_selector)
        case "Call":
            return _of_call(node)
        case "AggregateExpr":
            return _of_aggregate(node)
        case "BinaryExpr":
            return _of_binary(node)
    return None


def _of_call(node: Any) -> Measure | None:
    name = node.func.name
    vectors = [argument for argument in node.args if constant(argument) is None]
    if name in OF_BUCKETS:
        found = [s for s in selectors_of(node) if s.name]
        quantile = constant(node.args[0])
        if name != "histogram_quantile" or len(found) != 1:
            return None
        return Measure("quantile", found[0].name or "", quantile=quantile)
    if name in _FORMS:
        inner = measure_of(vectors[0]) if vectors else None
        return replace(inner, form=_FORMS[name]) if inner is not None and inner.form == "series" else None
    if name in _OVER_TIME or name in _SAME:
        return measure_of(vectors[0]) if vectors else None
    return None


def _of_aggregate(node: Any) -> Measure | None:
    operator = str(node.op).lower()
    below = measure_of(node.expr)
    if below is None or operator in _WITHIN:
        return below
    return replace(below, summed=True) if operator == "sum" else None


def _of_binary(node: Any) -> Measure | None:
    operator = str(node.op).lower()
    left, right = constant(node.lhs), constant(node.rhs)
    if operator in ("and", "unless"):
        return measure_of(node.lhs)
    if operator == "or":
        return measure_of(node.lhs) if _fallback(node.rhs) else None
    if operator in _FLIPPED:
        asked_for_truth = node.modifier is not None and "bool" in str(node.modifier)
        return None if asked_for_truth else measure_of(node.lhs if left is None else node.rhs)
    if left is None and right is None:
        return _divided(node) if operator == "/" else None
    if right is not None:
        measure = measure_of(node.lhs)
        match operator:
            case "*":
                return _scaled(measure, right)
            case "/" if right:
                return _scaled(measure, 1 / right)
            case "+" | "-":
                return _moved(measure, right if operator == "+" else -right)
        return None
    measure = measure_of(node.rhs)
    match operator:
        case "*":
            return _scaled(measure, left or 0.0)
        case "+":
            return _moved(measure, left or 0.0)
        case "-":
            return _moved(_scaled(measure, -1.0), left or 0.0)
    return None


def _fallback(node: Any) -> bool:
    """Tell whether an expression is only there for when there is nothing: `vector(0)`, `0 * up`, `on() vector(0)`."""
    if type(node).__name__ == "ParenExpr":
        return _fallback(node.expr)
    return (type(node).__name__ == "Call" and node.func.name == "vector") or constant(node) is not None


def _scaled(measure: Measure | None, by: float) -> Measure | None:
    if measure is None:
        return None
    return replace(measure, factor=measure.factor * by, offset=measure.offset * by)


def _moved(measure: Measure | None, by: float) -> Measure | None:
    return None if measure is None else replace(measure, offset=measure.offset + by)


def _divided(node: Any) -> Measure | None:
    """Return the share or ratio that one sum of series divided by another is."""
    above, below = measure_of(node.lhs), measure_of(node.rhs)
    if above is None or below is None or above.form not in _SUMS or below.form != above.form:
        return None
    if above.offset or below.offset or not below.factor:
        return None
    part = [s for s in selectors_of(node.lhs) if s.name]
    whole = [s for s in selectors_of(node.rhs) if s.name]
    share = len(part) == len(whole) == 1 and _part_of(part[0], whole[0]) and above.summed == below.summed
    form = "share" if share else "ratio"
    return Measure(form, above.metric, above.factor / below.factor, rated=above.form != "series")


def _part_of(part: Selector, whole: Selector) -> bool:
    """Tell whether one selector chooses some of the series of the other, over the same time."""
    same = part.name == whole.name or _counts_of(part, whole)
    kept = set(_compared(whole.matchers)) <= set(_compared(part.matchers))
    return same and kept and part.range_seconds == whole.range_seconds


def _counts_of(part: Selector, whole: Selector) -> bool:
    """Tell whether a bucket of a histogram is divided by the count of the same histogram."""
    one = part.name or ""
    return one.endswith("_bucket") and whole.name == one.removesuffix("_bucket") + "_count"


def _compared(matchers: tuple[Matcher, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((m.label, m.operator, m.value) for m in matchers)
