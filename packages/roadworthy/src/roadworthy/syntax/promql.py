"""PromQL: the selectors of an expression, the labels it needs of each, and the labels its result keeps."""

import re
from dataclasses import dataclass

import promql_parser

from roadworthy.model.detail.expression import Measure
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql_labels import Labels, labels_of
from roadworthy.syntax.promql_measures import Limit, limits_of, measure_of
from roadworthy.syntax.promql_selectors import Selector, selectors_of

MAXIMUM_LENGTH = 20_000
# The parser is native and recursive: what is nested or chained deeper than its stack ends the process.
MAXIMUM_DEPTH = 100
MAXIMUM_OPERATORS = 500

_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`|#[^\n]*")
_OPERATOR = re.compile(r"[-+*/%^<>=!]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: what it selects, the labels its result keeps, what it measures and compares."""

    selectors: tuple[Selector, ...]
    labels: Labels
    measure: Measure | None = None
    limits: tuple[Limit, ...] = ()


def parse(text: str) -> Expression:
    """Parse an expression; raise SyntaxProblem where it does not parse or is nested too deeply."""
    _bounded(text)
    try:
        tree = promql_parser.parse(text)
        return Expression(tuple(selectors_of(tree)), labels_of(tree), measure_of(tree), tuple(limits_of(tree)))
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
