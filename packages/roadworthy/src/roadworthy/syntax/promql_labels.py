"""The labels that the result of a PromQL expression keeps."""

from dataclasses import dataclass, replace
from typing import Any

from roadworthy.syntax.promql_selectors import KEEPING, WITHOUT_LABELS, grouping, selectors_of

_SCALARS = frozenset({"NumberLiteral", "StringLiteral"})


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


def labels_of(node: Any) -> Labels:
    """Return the labels of what a parsed expression gives."""
    match type(node).__name__:
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return labels_of(node.expr)
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
    if name in WITHOUT_LABELS:
        return Labels(frozenset())
    vectors = [argument for argument in node.args if not _scalar(argument)]
    if not vectors:
        return Labels(frozenset())
    vector = vectors[0]
    if name in ("absent", "absent_over_time"):
        found = list(selectors_of(vector))
        equal = frozenset(m.label for s in found for m in s.matchers if m.operator == "=")
        return Labels(equal)
    labels = labels_of(vector)
    if name == "histogram_quantile":
        return labels.without(frozenset({"le"}))
    if name in ("label_replace", "label_join"):
        texts = [argument.val for argument in node.args if type(argument).__name__ == "StringLiteral"]
        return labels.plus(frozenset(texts[:1]))
    return labels


def _labels_of_aggregate(node: Any) -> Labels:
    operator = str(node.op).lower()
    below = labels_of(node.expr)
    how, labels = grouping(node.modifier)
    if operator in KEEPING:
        return below
    if how == "without":
        return below.without(labels)
    result = below.only(labels) if how == "by" else Labels(frozenset())
    if operator == "count_values":
        return result.plus(frozenset({getattr(node.param, "val", "")}))
    return result


def _labels_of_binary(node: Any) -> Labels:
    left, right = labels_of(node.lhs), labels_of(node.rhs)
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
