"""PromQL: the selectors of an expression, the labels it needs of each, and the labels its result keeps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import promql_parser

from roadworthy.model.detail.metric import Matcher
from roadworthy.syntax.problem import SyntaxProblem

MAXIMUM_LENGTH = 20_000
# The parser is native and recursive: what is nested or chained deeper than its stack ends the process.
MAXIMUM_DEPTH = 100
MAXIMUM_OPERATORS = 500

_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`|#[^\n]*")
_OPERATOR = re.compile(r"[-+*/%^<>=!]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)
_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
_KEEPING = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_SCALARS = frozenset({"NumberLiteral", "StringLiteral"})
_WITHOUT_LABELS = frozenset({"time", "vector", "scalar", "pi"})


@dataclass(frozen=True, slots=True)
class Need:
    """A label that the expression around a selector needs: `by` is "by", "on" or "label_replace"."""

    label: str
    by: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A vector selector. `name` is None where the metric is chosen by matchers alone; `within` are the functions
    and aggregations around it, outermost first; `needs` the labels they need."""

    name: str | None
    matchers: tuple[Matcher, ...]
    within: tuple[str, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a result: `kept` of those of its series (None: all but `dropped`), and `added`."""

    kept: frozenset[str] | None = None
    dropped: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()

    def only(self, labels: frozenset[str]) -> "Labels":
        """Return what is left when only these labels may stay."""
        kept = labels - self.dropped if self.kept is None else (self.kept | self.added) & labels
        return Labels(kept, added=self.added & labels)

    def without(self, labels: frozenset[str]) -> "Labels":
        """Return what is left when these labels go."""
        kept = None if self.kept is None else self.kept - labels
        return Labels(kept, self.dropped | labels, self.added - labels)

    def plus(self, labels: frozenset[str]) -> "Labels":
        """Return the labels with these as well."""
        return replace(self, added=self.added | labels, dropped=self.dropped - labels)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression."""

    selectors: tuple[Selector, ...]
    labels: Labels


def parse(text: str) -> Expression:
    """Parse an expression; raise SyntaxProblem where it does not parse or is nested too deeply."""
    _bounded(text)
    try:
        tree = promql_parser.parse(text)
        return Expression(tuple(_walk(tree, (), ())), _labels(tree))
    except ValueError as problem:
        raise SyntaxProblem(f"not valid PromQL: {problem}") from problem
    except RecursionError as problem:
        raise SyntaxProblem("not readable as PromQL: nested too deeply") from problem


def _bounded(text: str) -> None:
    """Raise SyntaxProblem for an expression that is longer or deeper than anybody writes."""
    if len(text) > MAXIMUM_LENGTH:
        raise SyntaxProblem(f"not readable as PromQL: longer than {MAXIMUM_LENGTH} characters")
    plain = _STRING.sub("", text)
    if len(_OPERATOR.findall(plain)) > MAXIMUM_OPERATORS:
        raise SyntaxProblem(f"not readable as PromQL: more than {MAXIMUM_OPERATORS} operators")
    depth = 0
    for character in plain:
        depth += (character in "([{") - (character in ")]}")
        if depth > MAXIMUM_DEPTH:
            raise SyntaxProblem("not readable as PromQL: nested too deeply")


def selectors(expression: str) -> tuple[Selector, ...]:
    """Return every selector of an expression, left to right; raise SyntaxProblem where it does not parse."""
    return parse(expression).selectors


def _walk(node: Any, within: tuple[str, ...], needs: tuple[Need, ...]) -> Iterator[Selector]:
    match type(node).__name__:
        case "VectorSelector":
            yield _selector(node, within, needs)
        case "MatrixSelector":
            yield from _walk(node.vector_selector, within, needs)
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            yield from _walk(node.expr, within, needs)
        case "Call":
            name = node.func.name
            yield from _walk_call(node, name, (*within, name), needs)
        case "AggregateExpr":
            operator = str(node.op).lower()
            if node.param is not None:
                yield from _walk(node.param, within, ())
            yield from _walk(node.expr, (*within, operator), _needs_below(node, operator, needs))
        case "BinaryExpr":
            left, right = _needs_of_sides(node, needs)
            yield from _walk(node.lhs, within, left)
            yield from _walk(node.rhs, within, right)


def _selector(node: Any, within: tuple[str, ...], needs: tuple[Need, ...]) -> Selector:
    matchers = tuple(Matcher(m.name, _OPERATORS[str(m.op).rpartition(".")[2]], m.value) for m in node.matchers.matchers)
    name = node.name
    named = next((m for m in matchers if m.label == "__name__" and m.operator == "="), None)
    if name is None and named:
        name = named.value
    kept = tuple(m for m in matchers if m.label != "__name__" or name is None)
    return Selector(name, kept, within, tuple(dict.fromkeys(needs)))


def _walk_call(node: Any, name: str, within: tuple[str, ...], needs: tuple[Need, ...]) -> Iterator[Selector]:
    if name in ("label_replace", "label_join"):
        texts = [argument.val for argument in node.args if type(argument).__name__ == "StringLiteral"]
        target = texts[0] if texts else ""
        sources = texts[2:3] if name == "label_replace" else texts[2:]
        needs = tuple(need for need in needs if need.label != target)
        needs += tuple(Need(source, "label_replace") for source in sources if source and source != target)
    elif name in _WITHOUT_LABELS:
        needs = ()
    for argument in node.args:
        yield from _walk(argument, within, needs)


def _modifier(modifier: Any) -> tuple[str, frozenset[str]]:
    """Return "by", "without" or "", and the labels."""
    if modifier is None:
        return "", frozenset()
    return str(modifier.type).rpartition(".")[2].lower(), frozenset(modifier.labels)


def _needs_below(node: Any, operator: str, needs: tuple[Need, ...]) -> tuple[Need, ...]:
    how, labels = _modifier(node.modifier)
    if operator == "count_values":
        needs = tuple(need for need in needs if need.label != getattr(node.param, "val", ""))
    if how == "by":
        own = tuple(Need(label, "by") for label in node.modifier.labels)
        return (*needs, *own) if operator in _KEEPING else own
    if how == "without":
        return tuple(need for need in needs if need.label not in labels)
    return needs if operator in _KEEPING else ()


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


def _labels(node: Any) -> Labels:
    match type(node).__name__:
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return _labels(node.expr)
        case "Call":
            return _labels_of_call(node)
        case "AggregateExpr":
            return _labels_of_aggregate(node)
        case "BinaryExpr":
            return _labels_of_binary(node)
        case name if name in _SCALARS:
            return Labels(frozenset())
    return Labels()


def _labels_of_call(node: Any) -> Labels:
    name = node.func.name
    if name in _WITHOUT_LABELS:
        return Labels(frozenset())
    vectors = [argument for argument in node.args if not _scalar(argument)]
    if not vectors:
        return Labels(frozenset())
    vector = vectors[0]
    if name in ("absent", "absent_over_time"):
        found = list(_walk(vector, (), ()))
        equal = frozenset(m.label for s in found for m in s.matchers if m.operator == "=")
        return Labels(equal)
    labels = _labels(vector)
    if name == "histogram_quantile":
        return labels.without(frozenset({"le"}))
    if name in ("label_replace", "label_join"):
        texts = [argument.val for argument in node.args if type(argument).__name__ == "StringLiteral"]
        return labels.plus(frozenset(texts[:1]))
    return labels


def _labels_of_aggregate(node: Any) -> Labels:
    operator = str(node.op).lower()
    below = _labels(node.expr)
    how, labels = _modifier(node.modifier)
    if operator in _KEEPING:
        return below
    if how == "without":
        return below.without(labels)
    result = below.only(labels) if how == "by" else Labels(frozenset())
    if operator == "count_values":
        return result.plus(frozenset({getattr(node.param, "val", "")}))
    return result


def _labels_of_binary(node: Any) -> Labels:
    left, right = _labels(node.lhs), _labels(node.rhs)
    operator = str(node.op).lower()
    if operator in ("and", "unless"):
        return left
    if operator == "or":
        if left.kept is None or right.kept is None:
            return Labels(None, left.dropped & right.dropped, left.added | right.added)
        return Labels(left.kept | right.kept, added=left.added | right.added)
    if _scalar(node.lhs) or _scalar(node.rhs):
        return right if _scalar(node.lhs) else left
    modifier = node.modifier
    matching = modifier.matching if modifier is not None else None
    many = str(modifier.card).rpartition(".")[2] if modifier is not None else "OneToOne"
    included = frozenset(modifier.group_labels or ()) if modifier is not None else frozenset()
    if many == "ManyToOne":
        return left.plus(included)
    if many == "OneToMany":
        return right.plus(included)
    if matching is not None:
        labels = frozenset(matching.labels)
        include = str(matching.type).rpartition(".")[2] == "Include"
        return left.only(labels) if include else left.without(labels)
    return right if left.kept is None else left


def _scalar(node: Any) -> bool:
    match type(node).__name__:
        case "ParenExpr" | "UnaryExpr":
            return _scalar(node.expr)
        case "Call":
            return node.func.name in ("scalar", "time", "pi")
        case "BinaryExpr":
            return _scalar(node.lhs) and _scalar(node.rhs)
        case name:
            return name in _SCALARS
