"""What a PromQL expression in a file says: the metrics, labels and values it needs, and the numbers it compares."""

import re
from collections.abc import Iterator

from roadworthy.model.detail.expression import Comparison, Prose
from roadworthy.model.detail.metric import LabelUse, MetricUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Pattern, Symbol, Unreadable
from roadworthy.syntax import promql, yaml, yaml_places
from roadworthy.syntax.promql_measures import Limit
from roadworthy.syntax.promql_selectors import Selector

_COMPARED = re.compile(
    r"((?:(?<![=!<>~])(?:>=|<=|==|!=|>|<)(?!=))\s*(?:bool\s+)?\(?\s*[-+]?(?:[\d.]|inf)[\w.+-]*)", re.IGNORECASE
)
# What stands for a variable of a dashboard in a name or a length of time.
VARIABLE = "grafana_variable"
VARIABLE_SECONDS = 98_765_432


def statements(
    file: SourceFile,
    expression: yaml.Scalar,
    parsed: promql.Expression,
    user: str,
    purpose: str,
    prose: tuple[Prose, ...] = (),
) -> Iterator[Symbol]:
    """Yield every use of a metric and of a label, and every comparison, each with its place."""
    seen: dict[str, int] = {}
    for selector in parsed.selectors:
        word = selector.name or "{"
        at = _occurrence(expression, file, word, seen.get(word, 0))
        seen[word] = seen.get(word, 0) + 1
        use = MetricUse(user, purpose, selector.matchers, selector.within, _range(selector), selector.bounds_kept)
        yield Symbol(Kind.METRIC, Action.REFERS, _name(selector), at, role=file.role, detail=use)
        if selector.name and VARIABLE not in selector.name:
            yield from _labels(file, expression, selector, selector.name, user, purpose, at)
    for index, limit in enumerate(parsed.limits):
        if VARIABLE not in limit.measure.metric:
            yield _comparison(file, expression, limit, index, user, purpose, prose)


def _labels(
    file: SourceFile, expression: yaml.Scalar, selector: Selector, metric: str, user: str, purpose: str, at: Span
) -> Iterator[Symbol]:
    for matcher in selector.matchers:
        place = yaml_places.search(expression, file, re.compile(rf"\b({re.escape(matcher.label)})\s*(?:=|!)"), at)
        detail = LabelUse(metric, matcher.label, user, purpose, "matcher", matcher.operator)
        yield label(file, detail, place)
        value = yaml_places.search(expression, file, re.compile(rf"({re.escape(matcher.value)})[\"'`\\]"), place)
        yield Symbol(Kind.LABEL_VALUE, Action.REFERS, Exact(matcher.value), value, role=file.role, detail=detail)
    for need in selector.needs:
        if VARIABLE not in need.label:
            place = yaml_places.search(expression, file, re.compile(rf"\b({re.escape(need.label)})\b(?!\s*(?:=|!))"))
            yield label(file, LabelUse(metric, need.label, user, purpose, need.by), place)


def label(file: SourceFile, use: LabelUse, at: Span) -> Symbol:
    """Return the use of a label as a symbol."""
    return Symbol(Kind.LABEL, Action.REFERS, Exact(f"{use.metric}{{{use.label}}}"), at, role=file.role, detail=use)


def _comparison(
    file: SourceFile,
    expression: yaml.Scalar,
    limit: Limit,
    index: int,
    user: str,
    purpose: str,
    prose: tuple[Prose, ...],
) -> Symbol:
    at = yaml_places.search(expression, file, _COMPARED)
    for _ in range(index):
        following = yaml_places.search(expression, file, _COMPARED, Span(at.path, at.end_line, at.end_column + 1))
        at = at if following == expression.at else following
    detail = Comparison(user, purpose, limit.operator, limit.number, limit.measure, prose)
    name = Exact(limit.measure.metric)
    return Symbol(Kind.CONSTRUCT, Action.REFERS, name, at, role=file.role, detail=detail)


def _range(selector: Selector) -> float | None:
    return None if selector.range_seconds == VARIABLE_SECONDS else selector.range_seconds


def _name(selector: Selector) -> Name:
    if selector.name and VARIABLE in selector.name:
        return Unreadable("a variable of the dashboard names the metric")
    if selector.name:
        return Exact(selector.name)
    chosen = next((m for m in selector.matchers if m.label == "__name__" and m.operator == "=~"), None)
    if chosen and chosen.value.replace(".*", "").replace(".+", "").replace("_", "").isalnum():
        return Pattern(chosen.value.replace(".*", "**").replace(".+", "**"))
    return Unreadable("the selector names no metric")


def _occurrence(scalar: yaml.Scalar, file: SourceFile, word: str, skip: int) -> Span:
    """Return the place of the (`skip`+1)th occurrence of a whole metric name."""
    pattern = re.compile(rf"(?<![\w:]){re.escape(word)}(?![\w:])")
    at = yaml_places.search(scalar, file, pattern)
    for _ in range(skip):
        if at == scalar.at:
            break
        following = Span(at.path, at.end_line, at.end_column + 1)
        at = yaml_places.search(scalar, file, pattern, following)
    return at
